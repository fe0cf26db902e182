/* SPDX-License-Identifier: GPL-2.0-or-later
 * The record parser: one pass over the bytes, in order, by the kernel's own quoting rules. Nothing
 * is ever searched for inside a value, so that text which a container controls cannot become a
 * field. */
#include "config.h"

#include "learn/record.h"

#include "learn/cursor.h"
#include "learn/record-field.h"
#include "learn/record-prefix.h"
#include "learn/seccomp-record.h"

gboolean
aak_span_to_uint (AakSpan span, guint64 *out)
{
  guint64 value = 0;
  if (span.len == 0 || span.len > 19)
    return FALSE;
  for (gsize i = 0; i < span.len; i++)
    {
      if (!g_ascii_isdigit (span.data[i]))
        return FALSE;
      value = value * 10 + (guint64) (span.data[i] - '0');
    }
  *out = value;
  return TRUE;
}

const AakField *
aak_record_find (const AakRecord *record, const char *key, gsize len)
{
  for (guint i = 0; i < record->n_fields; i++)
    {
      AakSpan own = record->fields[i].key;
      if (own.len == len && *own.data == *key && memcmp (own.data, key, len) == 0)
        return &record->fields[i];
    }
  return NULL;
}

/* --- pieces ---------------------------------------------------------------------------------- */

gboolean
aak_record_parse_stamp (const char *data, gsize len, guint64 *out_time, guint64 *out_serial)
{
  AakCursor cursor = { data, data + len };
  return aak_cursor_take_stamp (&cursor, out_time, out_serial);
}

static gboolean
spans_are_equal (AakSpan a, AakSpan b)
{
  return a.len == b.len && memcmp (a.data, b.data, a.len) == 0;
}

/* The field that has the key of @field already, or NULL. */
static const AakField *
find_same_key (const AakRecord *record, const AakField *field)
{
  for (guint i = 0; i < record->n_fields; i++)
    if (spans_are_equal (record->fields[i].key, field->key))
      return &record->fields[i];
  return NULL;
}

/* The kernel writes a key once, but for the class of a message queue (audit_mqueue_cb()), and for
 * the name of a profile that does not unpack (policy_unpack.c, audit_cb()): the same name twice.
 * The first one counts. */
static gboolean
may_repeat (const AakField *first, const AakField *again)
{
  return aak_span_is (again->key, "class")
         || (aak_span_is (again->key, "name") && first->form == again->form
             && spans_are_equal (first->value, again->value));
}

/* A bit for a key, so that a new one is seldom compared with the others. */
static guint64
key_bit (AakSpan key)
{
  guint hash = (guchar) key.data[0] * 5u + (guchar) key.data[key.len - 1] * 3u + (guint) key.len;
  return G_GUINT64_CONSTANT (1) << (hash & 63);
}

/* The kernel prints execpath= raw (apparmor.md, "Where fields come from"): a quote in the path of a
 * program ends it, and what follows may be of that program's making. So the fields after it must be
 * well formed, and are then left out. */
static gboolean
take_fields (AakCursor *cursor, AakRecord *out)
{
  guint trusted = AAK_RECORD_MAX_FIELDS;
  guint64 seen = 0;
  out->n_fields = 0;
  for (aak_cursor_skip_blanks (cursor); !aak_cursor_at_end (cursor);
       aak_cursor_skip_blanks (cursor))
    {
      AakField *field = &out->fields[out->n_fields];
      if (out->n_fields == AAK_RECORD_MAX_FIELDS || !aak_record_field_take (cursor, field))
        return FALSE;
      guint64 bit = key_bit (field->key);
      const AakField *first = (seen & bit) != 0 ? find_same_key (out, field) : NULL;
      if (first != NULL && !may_repeat (first, field))
        return FALSE;
      if (first != NULL)
        continue;
      seen |= bit;
      out->n_fields++;
      if (trusted == AAK_RECORD_MAX_FIELDS && aak_span_is (field->key, "execpath"))
        trusted = out->n_fields;
    }
  out->n_fields = MIN (out->n_fields, trusted);
  return TRUE;
}

/* A byte below the blank: the kernel writes none, but in an execpath=. Eight at a time. */
static gboolean
has_control_byte (const char *data, gsize len)
{
  gsize i = 0;
  for (; i + 8 <= len; i += 8)
    {
      guint64 eight;
      memcpy (&eight, data + i, sizeof eight);
      if (((eight - G_GUINT64_CONSTANT (0x2020202020202020)) & ~eight
           & G_GUINT64_CONSTANT (0x8080808080808080))
          != 0)
        return TRUE;
    }
  for (; i < len; i++)
    if ((guchar) data[i] < ' ')
      return TRUE;
  return FALSE;
}

/* --- records --------------------------------------------------------------------------------- */

AakRecordResult
aak_record_parse_payload (guint type, const char *data, gsize len, AakRecord *out)
{
  if (!aak_record_is_known_type (type))
    return AAK_RECORD_OTHER;
  if (len > AAK_RECORD_MAX_LENGTH || has_control_byte (data, len))
    return AAK_RECORD_MALFORMED;
  AakCursor cursor = { data, data + len };
  out->type = type;
  out->proof = AAK_PROOF_KERNEL;
  if (!aak_cursor_take_stamp (&cursor, &out->time, &out->serial))
    return AAK_RECORD_MALFORMED;
  aak_cursor_skip_blanks (&cursor);
  if (type == AAK_RECORD_SECCOMP)
    return aak_seccomp_record_take (&cursor, out) ? AAK_RECORD_APPARMOR : AAK_RECORD_MALFORMED;
  AakCursor body = cursor;
  /* SELinux's records have the same type and begin with "avc:". */
  if (!aak_cursor_skip_word (&body, "apparmor=") && !aak_cursor_skip_word (&body, "operation="))
    return AAK_RECORD_OTHER;
  return take_fields (&cursor, out) ? AAK_RECORD_APPARMOR : AAK_RECORD_MALFORMED;
}

/* /dev/kmsg writes backslashes, and all that is not printable, as \xHH. */
static void
mark_escaped (AakRecord *record)
{
  for (guint i = 0; i < record->n_fields; i++)
    {
      AakField *field = &record->fields[i];
      if (field->form == AAK_VALUE_QUOTED
          && memchr (field->value.data, '\\', field->value.len) != NULL)
        field->form = AAK_VALUE_ESCAPED;
    }
}

AakRecordResult
aak_record_parse_line (const char *data, gsize len, AakRecord *out)
{
  AakRecordPrefix prefix;
  while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
    len--;
  AakRecordResult result = aak_record_prefix_parse (data, len, &prefix);
  if (result == AAK_RECORD_APPARMOR)
    result = aak_record_parse_payload (prefix.type, prefix.payload.data, prefix.payload.len, out);
  if (result != AAK_RECORD_APPARMOR)
    return result;
  out->proof = prefix.proof;
  if (prefix.escaped)
    mark_escaped (out);
  return AAK_RECORD_APPARMOR;
}
