/* SPDX-License-Identifier: GPL-2.0-or-later
 * A place in the bytes of a line that is being parsed, and the few steps that it can take. Nothing
 * is allocated and no byte is read twice; FALSE means that the cursor stands where it stood. */
#pragma once

#include "learn/record.h"

#include <string.h>

typedef struct
{
  const char *at;
  const char *end;
} AakCursor;

static inline gboolean
aak_cursor_is_digit (char byte)
{
  return (guchar) (byte - '0') < 10;
}

static inline gboolean
aak_cursor_at_end (const AakCursor *cursor)
{
  return cursor->at == cursor->end;
}

/* The byte @byte. */
static inline gboolean
aak_cursor_skip_byte (AakCursor *cursor, char byte)
{
  if (cursor->at == cursor->end || *cursor->at != byte)
    return FALSE;
  cursor->at++;
  return TRUE;
}

/* The text @word. */
static inline gboolean
aak_cursor_skip_word (AakCursor *cursor, const char *word)
{
  gsize len = strlen (word);
  if ((gsize) (cursor->end - cursor->at) < len || memcmp (cursor->at, word, len) != 0)
    return FALSE;
  cursor->at += len;
  return TRUE;
}

/* Any number of blanks; TRUE where there was one. */
static inline gboolean
aak_cursor_skip_blanks (AakCursor *cursor)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
  return cursor->at > start;
}

/* What comes before the next blank or the end; may be empty. */
static inline AakSpan
aak_cursor_take_token (AakCursor *cursor)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != ' ')
    cursor->at++;
  return (AakSpan){ start, (gsize) (cursor->at - start) };
}

/* Digits; may be empty. */
static inline AakSpan
aak_cursor_take_digits (AakCursor *cursor)
{
  const char *start = cursor->at;
  while (cursor->at < cursor->end && aak_cursor_is_digit (*cursor->at))
    cursor->at++;
  return (AakSpan){ start, (gsize) (cursor->at - start) };
}

/* A decimal number of at most 19 digits and the byte @stop after it. */
static inline gboolean
aak_cursor_take_number (AakCursor *cursor, char stop, guint64 *out)
{
  const char *at = cursor->at;
  guint64 number = 0;
  for (; at < cursor->end && aak_cursor_is_digit (*at); at++)
    number = number * 10 + (guint64) (*at - '0');
  if (at == cursor->end || *at != stop || at == cursor->at || at - cursor->at > 19)
    return FALSE;
  *out = number;
  cursor->at = at + 1;
  return TRUE;
}

#define AAK_CURSOR_SECONDS_MAX G_GUINT64_CONSTANT (253402300799) /* the end of the year 9999 */

/* "audit(SEC.MS:SERIAL):", the stamp of every audit record. Time in ms since the epoch. */
static inline gboolean
aak_cursor_take_stamp (AakCursor *cursor, guint64 *out_time, guint64 *out_serial)
{
  AakCursor ahead = *cursor;
  guint64 seconds, milliseconds;
  if (!aak_cursor_skip_word (&ahead, "audit(") || !aak_cursor_take_number (&ahead, '.', &seconds)
      || !aak_cursor_take_number (&ahead, ':', &milliseconds)
      || !aak_cursor_take_number (&ahead, ')', out_serial) || !aak_cursor_skip_byte (&ahead, ':')
      || milliseconds > 999 || seconds > AAK_CURSOR_SECONDS_MAX || *out_serial > G_MAXUINT32)
    return FALSE;
  *out_time = seconds * 1000 + milliseconds;
  *cursor = ahead;
  return TRUE;
}

/* "node=N " in front of a line of auditd's: N, empty where there is none. */
static inline AakSpan
aak_cursor_take_node (AakCursor *cursor)
{
  AakSpan node = { cursor->at, 0 };
  if (!aak_cursor_skip_word (cursor, "node="))
    return node;
  node = aak_cursor_take_token (cursor);
  aak_cursor_skip_blanks (cursor);
  return node;
}

/* Ends the line before auditd's enrichment (AUDIT_INTERP_SEPARATOR). The kernel never writes that
 * byte: a string that holds it becomes hex. */
static inline void
aak_cursor_drop_enrichment (AakCursor *cursor)
{
  const char *separator = memchr (cursor->at, 0x1d, (gsize) (cursor->end - cursor->at));
  if (separator != NULL)
    cursor->end = separator;
}
