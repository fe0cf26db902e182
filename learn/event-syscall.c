/* SPDX-License-Identifier: GPL-2.0-or-later
 * Who made which call of which architecture, and what became of it. */
#include "config.h"

#include "learn/event-syscall.h"

#include "lib/syscalls.h"

#include <string.h>

/* code=: what the strictest of the process's filters said (linux/seccomp.h). */
static const struct
{
  guint64 code;
  AakVerdict verdict;
} verdicts[] = {
  { 0x7ffc0000, AAK_VERDICT_ALLOWED }, /* SECCOMP_RET_LOG */
  { 0x7fff0000, AAK_VERDICT_ALLOWED }, /* SECCOMP_RET_ALLOW */
  { 0x7ff00000, AAK_VERDICT_AUDIT },   /* SECCOMP_RET_TRACE: a tracer decides */
  { 0x7fc00000, AAK_VERDICT_AUDIT },   /* SECCOMP_RET_USER_NOTIF: another process decides */
  { 0x00050000, AAK_VERDICT_DENIED },  /* SECCOMP_RET_ERRNO */
  { 0x00030000, AAK_VERDICT_DENIED },  /* SECCOMP_RET_TRAP: SIGSYS */
  { 0x00000000, AAK_VERDICT_KILLED },  /* SECCOMP_RET_KILL_THREAD, and strict mode */
  { 0x80000000, AAK_VERDICT_KILLED },  /* SECCOMP_RET_KILL_PROCESS */
};

#define ACTION 0xffff0000u /* SECCOMP_RET_ACTION_FULL: the rest is an errno and its like */

static gboolean
take_hex (const AakRecord *record, const char *key, guint64 *out)
{
  const AakField *field = aak_record_get (record, key);
  AakSpan digits = field != NULL ? field->value : (AakSpan){ NULL, 0 };
  if (digits.len > 2 && memcmp (digits.data, "0x", 2) == 0)
    digits = (AakSpan){ digits.data + 2, digits.len - 2 };
  if (digits.len == 0 || digits.len > 8)
    return FALSE;
  for (*out = 0; digits.len > 0; digits.data++, digits.len--)
    if (!g_ascii_isxdigit (*digits.data))
      return FALSE;
    else
      *out = *out << 4 | (guint64) g_ascii_xdigit_value (*digits.data);
  return TRUE;
}

/* The kernel prints the number as it is in a register: -1 where a tracer skips the call. */
static gboolean
take_number (const AakRecord *record, guint32 *out)
{
  const AakField *field = aak_record_get (record, "syscall");
  AakSpan digits = field != NULL ? field->value : (AakSpan){ NULL, 0 };
  gboolean negative = digits.len > 1 && *digits.data == '-';
  guint64 number = 0;
  if (negative)
    digits = (AakSpan){ digits.data + 1, digits.len - 1 };
  if (!aak_span_to_uint (digits, &number) || number > G_MAXINT32)
    return FALSE;
  *out = negative ? G_MAXUINT32 : (guint32) number;
  return TRUE;
}

static gboolean
take_verdict (const AakRecord *record, AakVerdict *out)
{
  guint64 code = 0;
  if (!take_hex (record, "code", &code))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (verdicts[i].code == (code & ACTION))
      {
        *out = verdicts[i].verdict;
        return TRUE;
      }
  return FALSE;
}

/* As aa_label_snxprint() writes it for other parts of the kernel: some kernels put "=" first, for
 * the root of the namespaces, and with apparmor.secid_mode the mode last. */
static char *
take_label (const AakRecord *record)
{
  static const char *const modes[] = { " (enforce)", " (complain)", " (kill)",
                                       " (mixed)",   " (prompt)",   " (unconfined)" };
  const AakField *field = aak_record_get (record, "subj");
  AakSpan label = field != NULL ? field->value : (AakSpan){ "", 0 };
  if (label.len > 1 && *label.data == '=')
    label = (AakSpan){ label.data + 1, label.len - 1 };
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      gsize len = strlen (modes[i]);
      if (label.len > len && memcmp (label.data + label.len - len, modes[i], len) == 0)
        {
          label.len -= len;
          break;
        }
    }
  return g_strndup (label.data, label.len);
}

const char *
aak_event_read_syscall (const AakRecord *record, AakEvent *out)
{
  guint64 token = 0;
  guint32 number = 0;
  out->time = record->time;
  out->serial = record->serial;
  out->class = AAK_CLASS_SYSCALL;
  out->kind = "syscall";
  out->operation = g_strdup ("syscall");
  out->label = take_label (record);
  if (!take_verdict (record, &out->verdict))
    return "code= missing or unknown";
  if (!take_hex (record, "arch", &token))
    return "arch= missing or no number";
  if (!take_number (record, &number))
    return "syscall= missing or no number";
  AakArch arch = aak_syscall_arch ((AakArch) token, number);
  const char *word = aak_syscall_arch_word (arch);
  out->family = word != NULL ? g_strdup (word) : g_strdup_printf ("0x%08x", arch);
  out->detail = aak_syscall_name (arch, number);
  return NULL;
}
