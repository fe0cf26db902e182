/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel writes the label raw: blanks, quotes and all, and a label may have the path of a
 * program in it, of which the program's owner is the author ("k8s-web//null-/tmp/a pid=1 ..."). All
 * other text of theirs is quoted or hex, and a quoted one has no blank. So the label ends at the
 * last " pid=" of the record, whatever stands before it. */
#include "config.h"

#include "learn/seccomp-record.h"

#include "learn/record-field.h"

#include <string.h>

/* SECCOMP_RET_LOG in linux/seccomp.h: the call was let through. Its record ends with it. */
#define ONLY_LOGGED " code=0x7ffc0000"

/* --- fields ---------------------------------------------------------------------------------- */

static const struct
{
  const char *key;
  gboolean optional;
} fields[] = {
  { "auid" }, { "uid" },  { "gid" },       { "ses" },    { "subj", TRUE }, /* without an LSM */
  { "pid" },  { "comm" }, { "exe", TRUE },                                 /* kernels before 3.16 */
  { "sig" },  { "arch" }, { "syscall" },   { "compat" }, { "ip" },         { "code" },
};

/* The last " pid=" before @end, or NULL. */
static const char *
find_last_pid (const char *start, const char *end)
{
  const gsize len = strlen (" pid=");
  for (const char *at = end; (at = memrchr (start, 'p', (gsize) (at - start))) != NULL;)
    if (at > start && (gsize) (end - at) >= len - 1 && memcmp (at - 1, " pid=", len) == 0)
      return at - 1;
  return NULL;
}

static gboolean
take_label (AakCursor *cursor, AakField *out)
{
  const char *key = cursor->at, *end = find_last_pid (cursor->at, cursor->end);
  aak_cursor_skip_word (cursor, "subj=");
  if (end == NULL || end < cursor->at)
    return FALSE;
  *out = (AakField){ { key, 4 }, { cursor->at, (gsize) (end - cursor->at) }, AAK_VALUE_BARE };
  cursor->at = end;
  return TRUE;
}

/* The last field may be followed by auditd's enrichment whose separator got lost,
 * "code=0x7ffc0000ARCH=x86_64 SYSCALL=openat ...". */
static void
drop_lost_enrichment (AakCursor *cursor, AakField *code)
{
  gsize len = 0;
  while (len < code->value.len
         && (code->value.data[len] == 'x' || g_ascii_isxdigit (code->value.data[len]))
         && !g_ascii_isupper (code->value.data[len]))
    len++;
  if (len >= code->value.len || !g_ascii_isupper (code->value.data[len]))
    return;
  code->value.len = len;
  cursor->at = cursor->end;
}

gboolean
aak_seccomp_record_take (AakCursor *cursor, AakRecord *out)
{
  out->n_fields = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const gsize len = strlen (fields[i].key);
      AakField *field = &out->fields[out->n_fields];
      aak_cursor_skip_blanks (cursor);
      gboolean there = (gsize) (cursor->end - cursor->at) > len && cursor->at[len] == '='
                       && memcmp (cursor->at, fields[i].key, len) == 0;
      if (!there && fields[i].optional)
        continue;
      gboolean is_label = strcmp (fields[i].key, "subj") == 0;
      if (!there
          || !(is_label ? take_label (cursor, field) : aak_record_field_take (cursor, field)))
        return FALSE;
      out->n_fields++;
    }
  drop_lost_enrichment (cursor, &out->fields[out->n_fields - 1]);
  aak_cursor_skip_blanks (cursor);
  return aak_cursor_at_end (cursor);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* The record's payload, "audit(...": what follows the type in a line of auditd's. */
static gboolean
find_payload (const AakSourceRecord *raw, AakCursor *out)
{
  *out = (AakCursor){ raw->data, raw->data + raw->len };
  if (raw->type != 0)
    return raw->type == AAK_RECORD_SECCOMP;
  if (!aak_cursor_skip_word (out, "type=SECCOMP msg="))
    return FALSE;
  aak_cursor_drop_enrichment (out);
  return TRUE;
}

/* The end of "compat=0" before " ip=0x7f... code=..."; NULL where the record ends otherwise. */
static const char *
find_address (const char *start, const char *end)
{
  const gsize len = strlen (ONLY_LOGGED);
  if ((gsize) (end - start) < len || memcmp (end - len, ONLY_LOGGED, len) != 0)
    return NULL;
  const char *at = end - len;
  while (at > start && g_ascii_isxdigit (at[-1]))
    at--;
  const gsize before = strlen (" ip=0x");
  return (gsize) (at - start) >= before && memcmp (at - before, " ip=0x", before) == 0 ? at - before
                                                                                       : NULL;
}

gboolean
aak_seccomp_key_parse (const AakSourceRecord *raw, AakRecordKey *out)
{
  AakCursor cursor;
  guint64 serial;
  if (!find_payload (raw, &cursor) || !aak_cursor_take_stamp (&cursor, &out->time, &serial))
    return FALSE;
  const char *start = cursor.at, *pid = find_last_pid (start, cursor.end);
  const char *address = pid != NULL ? find_address (pid, cursor.end) : NULL;
  if (address == NULL)
    return FALSE;
  cursor.at = pid + strlen (" pid=");
  if (aak_cursor_take_digits (&cursor).len == 0 || aak_cursor_at_end (&cursor) || *cursor.at != ' '
      || cursor.at > address)
    return FALSE;
  out->head = (AakSpan){ start, (gsize) (pid - start) };
  out->tail = (AakSpan){ cursor.at, (gsize) (address - cursor.at) };
  return TRUE;
}
