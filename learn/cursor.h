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
  while (cursor->at < cursor->end && g_ascii_isdigit (*cursor->at))
    cursor->at++;
  return (AakSpan){ start, (gsize) (cursor->at - start) };
}

/* A decimal number and the byte @stop after it. */
static inline gboolean
aak_cursor_take_number (AakCursor *cursor, char stop, guint64 *out)
{
  AakCursor ahead = *cursor;
  guint64 number = 0;
  if (!aak_span_to_uint (aak_cursor_take_digits (&ahead), &number)
      || !aak_cursor_skip_byte (&ahead, stop))
    return FALSE;
  *out = number;
  *cursor = ahead;
  return TRUE;
}
