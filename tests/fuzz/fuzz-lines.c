/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes, in pieces of any size, as a stream of lines: what comes out are the lines that went
 * in, numbered, and cut where they are too long. In the input a byte 0xfe and another one stand for
 * so many KiB of text, and the first four bytes are the seed of the sizes. */
#include "learn/source-lines.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define LONG_MAX_KIB 160

static AakSourceLines lines;

/* The stream that the input stands for. */
static GString *
unfold (const uint8_t *data, size_t size)
{
  GString *stream = g_string_sized_new (size);
  gsize kib = 0;
  for (size_t i = 0; i < size; i++)
    if (data[i] == 0xfe && i + 1 < size && kib + data[i + 1] <= LONG_MAX_KIB)
      {
        gsize len = stream->len;
        kib += data[++i];
        g_string_set_size (stream, len + (gsize) data[i] * 1024);
        memset (stream->str + len, 'x', (gsize) data[i] * 1024);
      }
    else
      g_string_append_c (stream, (char) data[i]);
  return stream;
}

/* @got is what stands at @at, up to a newline or the end; returns where the next line begins. */
static const char *
check_line (const AakSourceRecord *got, const char *at, const char *end)
{
  g_assert (at < end);
  const char *newline = memchr (at, '\n', (gsize) (end - at));
  gsize len = (gsize) ((newline != NULL ? newline : end) - at);
  g_assert (got->type == 0 && got->len == MIN (len, AAK_SOURCE_LINE_MAX));
  g_assert (memcmp (got->data, at, got->len) == 0);
  return at + len + 1;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint32 seed = 0;
  if (size < sizeof seed)
    return 0;
  memcpy (&seed, data, sizeof seed);
  g_autoptr (GString) stream = unfold (data + sizeof seed, size - sizeof seed);
  const char *next = stream->str, *end = stream->str + stream->len;
  guint64 number = 0;
  AakSourceRecord line;
  aak_source_lines_reset (&lines);
  for (gsize given = 0; given < stream->len;)
    {
      gsize room;
      char *buffer = aak_source_lines_room (&lines, &room);
      seed = seed * 1664525u + 1013904223u;
      gsize len = MIN ((seed >> 16) % ((seed & 0x8000) != 0 ? 70000 : 40) + 1,
                       MIN (room, stream->len - given));
      g_assert (room > 0);
      memcpy (buffer, stream->str + given, len);
      aak_source_lines_added (&lines, len);
      given += len;
      while (aak_source_lines_take (&lines, &line))
        {
          next = check_line (&line, next, end);
          g_assert (lines.number == ++number);
        }
    }
  if (aak_source_lines_take_rest (&lines, &line))
    next = check_line (&line, next, end);
  g_assert (next >= end);
  return 0;
}
