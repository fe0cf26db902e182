/* SPDX-License-Identifier: GPL-2.0-or-later
 * One function a form, and a table of forms. A line is of the kernel's by what its prefix says,
 * read from its first byte on; nothing is ever searched for further inside the line.
 *
 * Not accepted, though they look alike:
 * - journald's rendering of its audit transport, "host audit[77]: AVC apparmor=...": whoever can
 *   send syslog messages can call a program "audit" and give it a pid. The same records are in the
 *   journal's own fields, with a transport that nobody can forge.
 * - "kernel[12]:": the kernel has no pid.
 * - "msg=audit(...)" of auditd's dispatcher without a type: it may be a user's record.
 * - "audit: type=1400 ..." without anything before it: it says nothing of where it is from. */
#include "config.h"

#include "learn/record-prefix.h"

#include "learn/cursor.h"
#include "learn/syslog-prefix.h"

#define AUDIT_TYPE_AVC            1400
#define AUDIT_TYPE_APPARMOR_FIRST 1500
#define AUDIT_TYPE_APPARMOR_LAST  1507

gboolean
aak_record_is_known_type (guint64 type)
{
  return type == AUDIT_TYPE_AVC || type == AAK_RECORD_SECCOMP
         || (type >= AUDIT_TYPE_APPARMOR_FIRST && type <= AUDIT_TYPE_APPARMOR_LAST);
}

static AakSpan
rest_of (const AakCursor *cursor)
{
  return (AakSpan){ cursor->at, (gsize) (cursor->end - cursor->at) };
}

/* --- auditd ---------------------------------------------------------------------------------- */

/* The names that auditd gives the types (libaudit, msg_typetab.h); USER_AVC and its like are
 * written by user space. */
static const struct
{
  const char *name;
  guint type;
} type_names[] = {
  { "AVC", 1400 },
  { "APPARMOR", 1500 },
  { "APPARMOR_AUDIT", 1501 },
  { "APPARMOR_ALLOWED", 1502 },
  { "APPARMOR_DENIED", 1503 },
  { "APPARMOR_HINT", 1504 },
  { "APPARMOR_STATUS", 1505 },
  { "APPARMOR_ERROR", 1506 },
  { "APPARMOR_KILL", 1507 },
};

/* "AVC", "SECCOMP", "1400" or "UNKNOWN[1503]"; 0 for every other type. */
static guint
parse_type (AakSpan word)
{
  guint64 number = 0;
  if (aak_span_is (word, "SECCOMP"))
    return AAK_RECORD_SECCOMP;
  if (word.len > 0 && *word.data == 'A')
    {
      for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++)
        if (aak_span_is (word, type_names[i].name))
          return type_names[i].type;
      return 0;
    }
  if (word.len > 9 && memcmp (word.data, "UNKNOWN[", 8) == 0 && word.data[word.len - 1] == ']')
    word = (AakSpan){ word.data + 8, word.len - 9 };
  return aak_span_to_uint (word, &number) && aak_record_is_known_type (number) ? (guint) number : 0;
}

/* TRUE for most of the other lines in a log of auditd's, by a look at their first bytes. */
static gboolean
is_of_other_type (const char *data, gsize len)
{
  return len > 5 && memcmp (data, "type=", 5) == 0 && g_ascii_isupper (data[5]) && data[5] != 'A'
         && (data[5] != 'U' || memcmp (data + 5, "UNKNOWN[", MIN (len - 5, 8)) != 0)
         && (data[5] != 'S' || memcmp (data + 5, "SECCOMP ", MIN (len - 5, 8)) != 0);
}

/* "[node=N ]type=T msg=audit(...): ...", without the enrichment. */
static AakRecordResult
take_auditd (AakCursor *cursor, AakRecordPrefix *out)
{
  aak_cursor_take_node (cursor);
  if (!aak_cursor_skip_word (cursor, "type="))
    return AAK_RECORD_OTHER;
  out->type = parse_type (aak_cursor_take_token (cursor));
  aak_cursor_skip_blanks (cursor);
  if (out->type == 0)
    return AAK_RECORD_OTHER;
  if (!aak_cursor_skip_word (cursor, "msg="))
    return AAK_RECORD_MALFORMED;
  aak_cursor_drop_enrichment (cursor);
  out->payload = rest_of (cursor);
  out->proof = AAK_PROOF_KERNEL;
  return AAK_RECORD_APPARMOR;
}

/* --- the kernel's own text -------------------------------------------------------------------- */

/* "12.345678": the seconds since boot. */
static gboolean
skip_uptime (AakCursor *cursor)
{
  if (aak_cursor_take_digits (cursor).len == 0)
    return FALSE;
  return !aak_cursor_skip_byte (cursor, '.') || aak_cursor_take_digits (cursor).len > 0;
}

/* "Mon May 26 12:00:00 2026" of dmesg -T. */
static gboolean
skip_wall_time (AakCursor *cursor)
{
  gboolean has_clock = FALSE;
  for (int i = 0; i < 30 && !aak_cursor_at_end (cursor) && *cursor->at != ']'; i++, cursor->at++)
    {
      if (!g_ascii_isalnum (*cursor->at) && *cursor->at != ' ' && *cursor->at != ':')
        return FALSE;
      has_clock = has_clock || *cursor->at == ':';
    }
  return has_clock;
}

/* "[   12.345678]" or "[Mon May 26 12:00:00 2026]": no blank is needed after it. */
static gboolean
skip_stamp (AakCursor *cursor)
{
  AakCursor ahead = *cursor;
  if (!aak_cursor_skip_byte (&ahead, '['))
    return FALSE;
  aak_cursor_skip_blanks (&ahead);
  gboolean counted = !aak_cursor_at_end (&ahead) && g_ascii_isdigit (*ahead.at);
  if (!(counted ? skip_uptime (&ahead) : skip_wall_time (&ahead))
      || !aak_cursor_skip_byte (&ahead, ']'))
    return FALSE;
  *cursor = ahead;
  return TRUE;
}

/* "[  T55]" or "[   C1]": the thread or processor that printed (CONFIG_PRINTK_CALLER). */
static void
skip_caller (AakCursor *cursor)
{
  AakCursor ahead = *cursor;
  aak_cursor_skip_blanks (&ahead);
  if (!aak_cursor_skip_byte (&ahead, '['))
    return;
  aak_cursor_skip_blanks (&ahead);
  if ((aak_cursor_skip_byte (&ahead, 'T') || aak_cursor_skip_byte (&ahead, 'C'))
      && aak_cursor_take_digits (&ahead).len > 0 && aak_cursor_skip_byte (&ahead, ']'))
    *cursor = ahead;
}

/* "[audit: ]type=NNNN audit(...": what the kernel's printk writes of an audit record (kernel
 * kauditd_printk_skb()); 2.6 and 3.x had no "audit: ". Types are always numbers here. */
static AakRecordResult
take_printed (AakCursor *cursor, AakRecordPrefix *out)
{
  guint64 type = 0;
  if (aak_cursor_skip_word (cursor, "audit:"))
    aak_cursor_skip_blanks (cursor);
  if (!aak_cursor_skip_word (cursor, "type=") || !aak_cursor_take_number (cursor, ' ', &type)
      || !aak_record_is_known_type (type))
    return AAK_RECORD_OTHER;
  out->payload = rest_of (cursor);
  if (!aak_cursor_skip_word (cursor, "audit("))
    return AAK_RECORD_OTHER;
  out->type = (guint) type;
  return AAK_RECORD_APPARMOR;
}

/* The same after an optional time and caller. */
static AakRecordResult
take_kernel_text (AakCursor *cursor, AakRecordPrefix *out)
{
  aak_cursor_skip_blanks (cursor);
  if (skip_stamp (cursor))
    skip_caller (cursor);
  aak_cursor_skip_blanks (cursor);
  return take_printed (cursor, out);
}

/* dmesg, where the time must be there, or journalctl -o short-monotonic, with host and program. */
static AakRecordResult
take_dmesg (AakCursor *cursor, AakRecordPrefix *out)
{
  AakCursor host = *cursor;
  if (!skip_stamp (&host))
    return AAK_RECORD_OTHER;
  AakRecordResult result = take_kernel_text (cursor, out);
  if (result != AAK_RECORD_OTHER)
    return result;
  return aak_cursor_skip_blanks (&host) && aak_syslog_prefix_skip_program (&host, &out->proof)
             ? take_kernel_text (&host, out)
             : AAK_RECORD_OTHER;
}

/* --- /dev/kmsg -------------------------------------------------------------------------------- */

/* "PRIO,SEQ,USEC,FLAGS[,caller=T55];text" (kernel Documentation/ABI/testing/dev-kmsg). What user
 * space writes to /dev/kmsg never has the facility kern (kernel devkmsg_write()). A line of the
 * record's dictionary begins with a blank, and so is none of these. */
static AakRecordResult
take_kmsg (AakCursor *cursor, AakRecordPrefix *out)
{
  guint64 priority = 0, ignored = 0;
  if (!aak_cursor_take_number (cursor, ',', &priority)
      || !aak_cursor_take_number (cursor, ',', &ignored)
      || !aak_cursor_take_number (cursor, ',', &ignored) || priority > 7)
    return AAK_RECORD_OTHER;
  while (!aak_cursor_at_end (cursor)
         && (g_ascii_isalnum (*cursor->at) || memchr ("-,=", *cursor->at, 3) != NULL))
    cursor->at++;
  if (!aak_cursor_skip_byte (cursor, ';'))
    return AAK_RECORD_OTHER;
  out->proof = AAK_PROOF_KERNEL;
  out->escaped = TRUE;
  return take_printed (cursor, out);
}

/* --- syslog ----------------------------------------------------------------------------------- */

/* What syslog's head and a name of the kernel's are followed by. */
static AakRecordResult
take_syslog (AakCursor *cursor, AakRecordPrefix *out)
{
  return aak_syslog_prefix_skip (cursor, &out->proof) ? take_kernel_text (cursor, out)
                                                      : AAK_RECORD_OTHER;
}

/* "<5>" and syslog's line, or the kernel's text as /proc/kmsg and dmesg -r give it. */
static AakRecordResult
take_priority (AakCursor *cursor, AakRecordPrefix *out)
{
  guint64 priority = 0;
  if (!aak_cursor_skip_byte (cursor, '<') || !aak_cursor_take_number (cursor, '>', &priority)
      || priority > 7)
    return AAK_RECORD_OTHER;
  out->proof = AAK_PROOF_FACILITY;
  if (aak_syslog_prefix_skip_protocol (cursor))
    return take_kernel_text (cursor, out);
  AakCursor text = *cursor;
  AakRecordResult result = take_kernel_text (&text, out);
  return result == AAK_RECORD_OTHER ? take_syslog (cursor, out) : result;
}

/* --- the table -------------------------------------------------------------------------------- */

/* The bytes that a line of the form can begin with spare most lines most forms. */
static const struct
{
  const char *first;
  AakRecordResult (*take) (AakCursor *cursor, AakRecordPrefix *out);
} forms[] = {
  { "tn", take_auditd }, { "01234567", take_kmsg }, { "JFMASONDTW0123456789", take_syslog },
  { "[", take_dmesg },   { "<", take_priority },
};

AakRecordResult
aak_record_prefix_parse (const char *data, gsize len, AakRecordPrefix *out)
{
  if (is_of_other_type (data, len))
    return AAK_RECORD_OTHER;
  for (gsize i = 0; len > 0 && i < G_N_ELEMENTS (forms); i++)
    {
      if (*data == '\0' || strchr (forms[i].first, *data) == NULL)
        continue;
      AakCursor cursor = { data, data + len };
      *out = (AakRecordPrefix){ .proof = AAK_PROOF_TEXT };
      AakRecordResult result = forms[i].take (&cursor, out);
      if (result != AAK_RECORD_OTHER)
        return result;
    }
  return AAK_RECORD_OTHER;
}
