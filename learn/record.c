/* SPDX-License-Identifier: GPL-2.0-or-later
 * The record parser: one pass over the bytes, in order, by the kernel's own quoting rules. Nothing
 * is ever searched for inside a value, so that text which a container controls cannot become a
 * field. */
#include "config.h"

#include "learn/record.h"

#include <string.h>

#define AUDIT_TYPE_AVC            1400
#define AUDIT_TYPE_APPARMOR_FIRST 1500
#define AUDIT_TYPE_APPARMOR_LAST  1507

/* What is still to be parsed. */
typedef struct
{
  const char *at;
  const char *end;
} Cursor;

gboolean
aak_span_is (AakSpan span, const char *text)
{
  return span.len == strlen (text) && memcmp (span.data, text, span.len) == 0;
}

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
aak_record_get (const AakRecord *record, const char *key)
{
  for (guint i = 0; i < record->n_fields; i++)
    if (aak_span_is (record->fields[i].key, key))
      return &record->fields[i];
  return NULL;
}

/* --- pieces ---------------------------------------------------------------------------------- */

static gboolean
skip_word (Cursor *cursor, const char *word)
{
  gsize len = strlen (word);
  if ((gsize) (cursor->end - cursor->at) < len || memcmp (cursor->at, word, len) != 0)
    return FALSE;
  cursor->at += len;
  return TRUE;
}

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
}

/* Digits up to the byte @stop, which is skipped. */
static gboolean
take_number (Cursor *cursor, char stop, guint64 *out)
{
  const char *mark = memchr (cursor->at, stop, (gsize) (cursor->end - cursor->at));
  if (mark == NULL || !aak_span_to_uint ((AakSpan){ cursor->at, (gsize) (mark - cursor->at) }, out))
    return FALSE;
  cursor->at = mark + 1;
  return TRUE;
}

/* "audit(SEC.MS:SERIAL):" */
static gboolean
take_stamp (Cursor *cursor, guint64 *out_time, guint64 *out_serial)
{
  guint64 seconds, milliseconds;
  if (!skip_word (cursor, "audit(") || !take_number (cursor, '.', &seconds)
      || !take_number (cursor, ':', &milliseconds) || !take_number (cursor, ')', out_serial)
      || !skip_word (cursor, ":") || milliseconds > 999 || seconds > G_MAXUINT64 / 1000 - 1)
    return FALSE;
  *out_time = seconds * 1000 + milliseconds;
  return TRUE;
}

gboolean
aak_record_parse_stamp (const char *data, gsize len, guint64 *out_time, guint64 *out_serial)
{
  Cursor cursor = { data, data + len };
  return take_stamp (&cursor, out_time, out_serial);
}

static gboolean
is_key_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-';
}

/* A quoted value ends at the next quote: a string that holds one is written as hex. A bare value
 * ends at a blank; `signal=` follows the closing quote of a mask without one (kernel:
 * audit_signal_cb()), so that the end of a quoted value needs no blank. */
static gboolean
take_value (Cursor *cursor, AakField *field)
{
  const char *start = cursor->at;
  if (start < cursor->end && *start == '"')
    {
      start++;
      const char *close = memchr (start, '"', (gsize) (cursor->end - start));
      if (close == NULL)
        return FALSE;
      field->form = AAK_VALUE_QUOTED;
      field->value = (AakSpan){ start, (gsize) (close - start) };
      cursor->at = close + 1;
      return TRUE;
    }
  while (cursor->at < cursor->end && *cursor->at != ' ' && *cursor->at != '"')
    cursor->at++;
  field->form = AAK_VALUE_BARE;
  field->value = (AakSpan){ start, (gsize) (cursor->at - start) };
  return cursor->at == cursor->end || *cursor->at == ' ';
}

static gboolean
take_field (Cursor *cursor, AakRecord *out)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && is_key_byte (*cursor->at))
    cursor->at++;
  AakSpan key = { start, (gsize) (cursor->at - start) };
  if (key.len == 0 || !skip_word (cursor, "=") || out->n_fields == AAK_RECORD_MAX_FIELDS)
    return FALSE;
  AakField *field = &out->fields[out->n_fields++];
  field->key = key;
  return take_value (cursor, field);
}

/* The kernel writes a key once, but for `class`, which message queue records carry twice. */
static gboolean
has_duplicate_key (const AakRecord *record)
{
  for (guint i = 1; i < record->n_fields; i++)
    for (guint k = 0; k < i; k++)
      {
        AakSpan a = record->fields[i].key, b = record->fields[k].key;
        if (a.len == b.len && memcmp (a.data, b.data, a.len) == 0 && !aak_span_is (a, "class"))
          return TRUE;
      }
  return FALSE;
}

static gboolean
take_fields (Cursor *cursor, AakRecord *out)
{
  out->n_fields = 0;
  for (skip_blanks (cursor); cursor->at < cursor->end; skip_blanks (cursor))
    if (!take_field (cursor, out))
      return FALSE;
  return !has_duplicate_key (out);
}

static gboolean
is_apparmor_type (guint64 type)
{
  return type == AUDIT_TYPE_AVC
         || (type >= AUDIT_TYPE_APPARMOR_FIRST && type <= AUDIT_TYPE_APPARMOR_LAST);
}

/* --- record forms ---------------------------------------------------------------------------- */

AakRecordResult
aak_record_parse_payload (guint type, const char *data, gsize len, AakRecord *out)
{
  if (!is_apparmor_type (type))
    return AAK_RECORD_OTHER;
  if (len > AAK_RECORD_MAX_LENGTH || memchr (data, '\0', len) != NULL)
    return AAK_RECORD_MALFORMED;
  Cursor cursor = { data, data + len };
  out->type = type;
  if (!take_stamp (&cursor, &out->time, &out->serial))
    return AAK_RECORD_MALFORMED;
  skip_blanks (&cursor);
  Cursor body = cursor;
  /* SELinux's records have the same type and begin with "avc:". */
  if (!skip_word (&body, "apparmor=") && !skip_word (&body, "operation="))
    return AAK_RECORD_OTHER;
  return take_fields (&cursor, out) ? AAK_RECORD_APPARMOR : AAK_RECORD_MALFORMED;
}

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

/* "AVC", "1400" or "UNKNOWN[1503]"; 0 for every other type. */
static guint
parse_type (AakSpan word)
{
  guint64 number = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (aak_span_is (word, type_names[i].name))
      return type_names[i].type;
  if (word.len > 9 && memcmp (word.data, "UNKNOWN[", 8) == 0 && word.data[word.len - 1] == ']')
    word = (AakSpan){ word.data + 8, word.len - 9 };
  return aak_span_to_uint (word, &number) && is_apparmor_type (number) ? (guint) number : 0;
}

static AakSpan
take_bare (Cursor *cursor)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != ' ')
    cursor->at++;
  return (AakSpan){ start, (gsize) (cursor->at - start) };
}

AakRecordResult
aak_record_parse_line (const char *data, gsize len, AakRecord *out)
{
  while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
    len--;
  Cursor cursor = { data, data + len };
  if (skip_word (&cursor, "node="))
    {
      take_bare (&cursor);
      skip_blanks (&cursor);
    }
  if (!skip_word (&cursor, "type="))
    return AAK_RECORD_OTHER;
  guint type = parse_type (take_bare (&cursor));
  skip_blanks (&cursor);
  if (type == 0)
    return AAK_RECORD_OTHER;
  if (!skip_word (&cursor, "msg="))
    return AAK_RECORD_MALFORMED;
  const char *enrichment = memchr (cursor.at, 0x1d, (gsize) (cursor.end - cursor.at));
  const char *end = enrichment != NULL ? enrichment : cursor.end;
  return aak_record_parse_payload (type, cursor.at, (gsize) (end - cursor.at), out);
}
