/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as what a writer does to a log: it appends, cuts the file back, writes on behind a
 * hole; and the reader reads now and then. Lines come out as they were written, in their order, and
 * none is missing unless a cut was told. */
#include "learn/source-growing.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STEPS_MAX 32

typedef struct
{
  int fd;
  off_t size;
  AakSourceGrowing *reader;
  guint written; /* the number of the last line */
  guint read;    /* that of the last one that was read */
  gboolean open; /* a line was begun */
  guint len;     /* of that line, about */
} Log;

static int
make_file (void)
{
  static int fd = -1;
  if (fd < 0)
    fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert (ftruncate (fd, 0) == 0);
  return fd;
}

static void
write_text (Log *log, const char *text)
{
  gsize len = strlen (text);
  g_assert (pwrite (log->fd, text, len, log->size) == (ssize_t) len);
  log->size += (off_t) len;
}

/* Numbers grow, so that a line that is missing or twice is seen. */
static void
begin_line (Log *log)
{
  char text[16];
  if (log->open)
    return;
  g_snprintf (text, sizeof text, "%u", ++log->written);
  write_text (log, text);
  log->open = TRUE;
  log->len = 0;
}

static void
end_line (Log *log)
{
  begin_line (log);
  write_text (log, "\n");
  log->open = FALSE;
}

/* Not beyond the length at which a line is given before it ends. */
static void
fill_line (Log *log, guint len)
{
  g_autofree char *text = g_strnfill (len, ' ');
  begin_line (log);
  log->len += len;
  if (log->len < AAK_SOURCE_LINE_MAX / 2)
    write_text (log, text);
}

/* Reads all there is. Where @whole, all lines that ended must come; else the file was cut back, and
 * what was not read before is gone. */
static void
read_all (Log *log, gboolean whole)
{
  AakSourceLines *lines = aak_source_growing_lines (log->reader);
  gboolean cut = FALSE, any_cut = FALSE;
  AakSourceRecord line;
  while (aak_source_growing_fill (log->reader, &cut, NULL) > 0 || cut)
    {
      any_cut |= cut;
      while (aak_source_lines_take (lines, &line))
        {
          g_autofree char *text = g_strndup (line.data, line.len);
          guint number = (guint) g_ascii_strtoull (text, NULL, 10);
          g_assert (number > log->read && number <= log->written);
          g_assert (!whole || number == log->read + 1);
          log->read = number;
        }
    }
  g_assert (!whole || !any_cut);
  g_assert (!whole || log->read + log->open == log->written);
}

/* Cuts the file back to nothing; a line that was begun is lost with it. */
static void
cut (Log *log, gboolean hole)
{
  g_assert (ftruncate (log->fd, 0) == 0);
  log->open = FALSE;
  if (!hole)
    log->size = 0;
  end_line (log);
  read_all (log, FALSE);
  g_assert (log->read == log->written);
}

static void
act (Log *log, uint8_t what)
{
  switch (what % 8)
    {
    case 0:
    case 1:
      end_line (log);
      break;
    case 2:
      begin_line (log);
      break;
    case 3:
      fill_line (log, what / 8u * 40);
      break;
    case 4:
    case 5:
      read_all (log, TRUE);
      break;
    case 6:
    case 7:
      read_all (log, TRUE);
      if (log->size > 0)
        cut (log, what % 8 == 7);
      break;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Log log = { .fd = make_file () };
  log.reader = aak_source_growing_new (dup (log.fd), FALSE, NULL);
  g_assert (log.reader != NULL);
  for (size_t i = 0; i < size && i < STEPS_MAX; i++)
    act (&log, data[i]);
  read_all (&log, TRUE);
  aak_source_growing_free (log.reader);
  return 0;
}
