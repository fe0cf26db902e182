/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as log files that are read one after the other, block by block: what comes out are the
 * lines that went in, cut where they are too long. In the input a byte 0xfe and another one stand
 * for so many pieces of text, 256 to a block, and 0xfd begins the next file. */
#include "learn/source-block.h"
#include "learn/source-method.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILES_MAX  3
#define PIECE      (AAK_SOURCE_BLOCK_SIZE / 256)
#define MAX_PIECES 600

static GString *contents[FILES_MAX];
static int fds[FILES_MAX];
static AakSource *source; /* one for all inputs, read again for each */
static AakSourceBlock block;

static void
set_up (void)
{
  char *paths[FILES_MAX + 1] = { NULL };
  for (guint i = 0; i < FILES_MAX; i++)
    {
      contents[i] = g_string_new (NULL);
      fds[i] = memfd_create ("fuzz", MFD_CLOEXEC);
      paths[i] = g_strdup_printf ("/proc/self/fd/%d", fds[i]);
    }
  source = aak_source_files_open ((const char *const *) paths, NULL);
  g_assert (source != NULL);
  for (guint i = 0; i < FILES_MAX; i++)
    g_free (paths[i]);
}

static void
append (GString *content, char byte, gsize count)
{
  gsize len = content->len;
  g_string_set_size (content, len + count);
  memset (content->str + len, byte, count);
}

/* Fills the contents. */
static void
unfold (const uint8_t *data, size_t size)
{
  guint file = 0;
  gsize pieces = 0;
  for (guint i = 0; i < FILES_MAX; i++)
    g_string_truncate (contents[i], 0);
  for (size_t i = 0; i < size; i++)
    if (data[i] == 0xfe && i + 1 < size && pieces + data[i + 1] <= MAX_PIECES)
      {
        pieces += data[++i];
        append (contents[file], 'x', (gsize) data[i] * PIECE);
      }
    else if (data[i] == 0xfd && file + 1 < FILES_MAX)
      file++;
    else
      append (contents[file], (char) data[i], 1);
}

static void
write_file (guint i)
{
  g_assert (ftruncate (fds[i], 0) == 0);
  g_assert (pwrite (fds[i], contents[i]->str, contents[i]->len, 0) == (ssize_t) contents[i]->len);
}

/* What is compressed, or the journal's, is another target's. */
static gboolean
is_plain (const GString *content)
{
  return aak_source_method_find ((const guint8 *) content->str, content->len) == NULL
         && !g_str_has_prefix (content->str, "LPKSHH")
         && !g_str_has_prefix (content->str, "__CURS");
}

/* The next line of the stream of blocks; FALSE at the end. */
static gboolean
next_line (AakSourceRecord *out)
{
  while (!aak_source_block_take (&block, out))
    {
      guint64 number = block.number;
      gboolean first = block.len == 0;
      AakSourceStatus status = aak_source_next_block (source, &block, NULL);
      g_assert (status == AAK_SOURCE_RECORD || status == AAK_SOURCE_END);
      if (status == AAK_SOURCE_END)
        return FALSE;
      g_assert (block.number == (first ? 0 : number + 1) && block.len > 0);
      g_assert (aak_source_block_load (&block));
    }
  return TRUE;
}

static void
check_file (guint i)
{
  const char *at = contents[i]->str, *end = at + contents[i]->len;
  AakSourceRecord line;
  while (at < end)
    {
      g_assert (next_line (&line) && block.file == i);
      const char *newline = memchr (at, '\n', (gsize) (end - at));
      gsize len = (gsize) ((newline != NULL ? newline : end) - at);
      g_assert (line.type == 0 && line.len == MIN (len, AAK_SOURCE_LINE_MAX));
      g_assert (memcmp (line.data, at, line.len) == 0);
      at += len + 1;
    }
}

/* @later: as one of several workers reads them. */
static void
check_all (gboolean later)
{
  AakSourceRecord line;
  block.len = block.at = 0;
  block.later = later;
  g_assert (aak_source_restart (source));
  for (guint i = 0; i < FILES_MAX; i++)
    check_file (i);
  g_assert (!next_line (&line));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (source == NULL)
    set_up ();
  gboolean has_blocks = FALSE; /* more than one */
  unfold (data, size);
  for (guint i = 0; i < FILES_MAX; i++)
    {
      if (!is_plain (contents[i]))
        return 0;
      write_file (i);
      has_blocks |= contents[i]->len > AAK_SOURCE_BLOCK_SIZE;
    }
  check_all (FALSE);
  if (has_blocks)
    check_all (TRUE);
  return 0;
}
