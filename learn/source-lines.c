/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines of a byte stream; their number and length are bounded by nothing but the stream. */
#include "config.h"

#include "learn/source-lines.h"

#include <string.h>

char *
aak_source_lines_room (AakSourceLines *lines, gsize *out_len)
{
  memmove (lines->buffer, lines->buffer + lines->start, lines->filled - lines->start);
  lines->filled -= lines->start;
  lines->start = 0;
  *out_len = sizeof lines->buffer - lines->filled;
  return lines->buffer + lines->filled;
}

void
aak_source_lines_added (AakSourceLines *lines, gsize len)
{
  lines->filled += len;
}

/* Gives the bytes up to @length as a line, and goes on after @consumed of them. */
static gboolean
give (AakSourceLines *lines, gsize length, gsize consumed, AakSourceRecord *out)
{
  *out = (AakSourceRecord){ 0, lines->buffer + lines->start, MIN (length, AAK_SOURCE_LINE_MAX) };
  lines->start += consumed;
  lines->number++;
  return TRUE;
}

gboolean
aak_source_lines_take (AakSourceLines *lines, AakSourceRecord *out)
{
  for (;;)
    {
      gsize left = lines->filled - lines->start;
      const char *at = lines->buffer + lines->start;
      const char *newline = memchr (at, '\n', left);
      if (lines->skipping)
        {
          lines->start += newline != NULL ? (gsize) (newline - at) + 1 : left;
          lines->skipping = newline == NULL;
          if (lines->skipping)
            return FALSE;
          continue;
        }
      if (newline != NULL)
        return give (lines, (gsize) (newline - at), (gsize) (newline - at) + 1, out);
      if (left < AAK_SOURCE_LINE_MAX)
        return FALSE;
      lines->skipping = TRUE;
      return give (lines, left, left, out);
    }
}

gboolean
aak_source_lines_take_rest (AakSourceLines *lines, AakSourceRecord *out)
{
  gsize left = lines->filled - lines->start;
  return left > 0 && give (lines, left, left, out);
}

void
aak_source_lines_reset (AakSourceLines *lines)
{
  lines->number = 0;
  lines->start = lines->filled = 0;
  lines->skipping = FALSE;
}
