/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's quoting rules. */
#include "config.h"

#include "learn/record-field.h"

static gboolean
is_key_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-';
}

/* auditd's enrichment where its separator got lost on the way, `ouid=0FSUID="root" ...`: it ends
 * the record as the separator does. The number must be all digits, so that no hex is cut. */
static gboolean
take_lost_enrichment (AakCursor *cursor, AakField *field)
{
  AakCursor ahead = { field->value.data, cursor->at };
  AakSpan number = aak_cursor_take_digits (&ahead);
  if (number.len == 0 || !g_ascii_isupper (*ahead.at) || cursor->at[-1] != '=')
    return FALSE;
  for (; ahead.at < cursor->at - 1; ahead.at++)
    if (!g_ascii_isupper (*ahead.at) && *ahead.at != '_')
      return FALSE;
  field->value = number;
  cursor->at = cursor->end;
  return TRUE;
}

/* A quoted value ends at the next quote: a string that holds one is written as hex. A bare value
 * ends at a blank; `signal=` follows the closing quote of a mask without one (kernel:
 * audit_signal_cb()), so that the end of a quoted value needs no blank. */
static gboolean
take_value (AakCursor *cursor, AakField *field)
{
  const char *start = cursor->at;
  if (aak_cursor_skip_byte (cursor, '"'))
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
  return cursor->at == cursor->end || *cursor->at == ' ' || take_lost_enrichment (cursor, field);
}

gboolean
aak_record_field_take (AakCursor *cursor, AakField *field)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && is_key_byte (*cursor->at))
    cursor->at++;
  field->key = (AakSpan){ start, (gsize) (cursor->at - start) };
  return field->key.len > 0 && aak_cursor_skip_byte (cursor, '=') && take_value (cursor, field);
}
