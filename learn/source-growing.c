/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads what is appended. A file that was cut back and has grown beyond the old place again looks
 * like one that grew; so that the bytes before that place are kept, and compared after
 * every read: where they still stand, the file was not cut back when they were read. */
#include "config.h"

#include "learn/source-growing.h"

#include "learn/log-file.h"
#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define TAIL_BYTES 4096 /* holds the serial of a record, or of the one before a long one */

struct AakSourceGrowing
{
  AakFd fd;
  guint64 offset; /* up to which the file was read */
  gsize tail_len;
  char tail[TAIL_BYTES]; /* the bytes before offset */
  AakSourceLines lines;
};

static gssize
read_at (const AakSourceGrowing *file, void *buffer, gsize len, guint64 offset, GError **error)
{
  ssize_t n;
  do
    n = pread (file->fd, buffer, len, (off_t) offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    aak_error_set_errno (error, errno, "cannot read");
  return n;
}

/* Moves the offset past @bytes. */
static void
remember (AakSourceGrowing *file, const char *bytes, gsize len)
{
  gsize from_new = MIN (len, TAIL_BYTES);
  gsize from_old = MIN (file->tail_len, TAIL_BYTES - from_new);
  memmove (file->tail, file->tail + file->tail_len - from_old, from_old);
  memcpy (file->tail + from_old, bytes + len - from_new, from_new);
  file->tail_len = from_old + from_new;
  file->offset += len;
}

static gboolean
still_stands (const AakSourceGrowing *file)
{
  char now[TAIL_BYTES];
  return read_at (file, now, file->tail_len, file->offset - file->tail_len, NULL)
             == (gssize) file->tail_len
         && memcmp (now, file->tail, file->tail_len) == 0;
}

gssize
aak_source_growing_fill (AakSourceGrowing *file, gboolean *out_truncated, GError **error)
{
  gsize room;
  char *buffer = aak_source_lines_room (&file->lines, &room);
  gssize n = read_at (file, buffer, room, file->offset, error);
  *out_truncated = FALSE;
  if (n >= 0 && !still_stands (file))
    {
      *out_truncated = TRUE;
      aak_source_lines_reset (&file->lines);
      file->offset = file->tail_len = 0;
      buffer = aak_source_lines_room (&file->lines, &room);
      n = read_at (file, buffer, room, 0, error);
    }
  if (n <= 0)
    return n;
  remember (file, buffer, (gsize) n);
  /* Who writes on without O_APPEND after the file was cut back leaves a hole before the line. */
  gsize hole = 0;
  while (file->lines.filled == 0 && hole < (gsize) n && buffer[hole] == '\0')
    hole++;
  memmove (buffer, buffer + hole, (gsize) n - hole);
  aak_source_lines_added (&file->lines, (gsize) n - hole);
  return n;
}

/* Goes past every whole line before @limit, counting them. */
static gboolean
go_to_end (AakSourceGrowing *file, guint64 limit, GError **error)
{
  char buffer[65536];
  guint64 at = 0, whole = 0;
  gssize n = 0;
  while (at < limit && (n = read_at (file, buffer, MIN (sizeof buffer, limit - at), at, error)) > 0)
    {
      for (gssize i = 0; i < n; i++)
        if (buffer[i] == '\n')
          {
            file->lines.number++;
            whole = at + (guint64) i + 1;
          }
      at += (guint64) n;
    }
  if (n < 0)
    return FALSE;
  gsize tail = (gsize) MIN (whole, TAIL_BYTES);
  n = read_at (file, file->tail, tail, whole - tail, error);
  file->tail_len = MAX (n, 0);
  file->offset = whole;
  return n >= 0;
}

AakSourceGrowing *
aak_source_growing_new (int fd, gboolean from_end, GError **error)
{
  g_autoptr (AakSourceGrowing) file = g_new0 (AakSourceGrowing, 1);
  file->fd = fd;
  if (from_end && !go_to_end (file, G_MAXINT64, error))
    return NULL;
  return g_steal_pointer (&file);
}

AakSourceGrowing *
aak_source_growing_new_at (int fd, guint64 offset, GError **error)
{
  g_autoptr (AakSourceGrowing) file = g_new0 (AakSourceGrowing, 1);
  file->fd = fd;
  if (!go_to_end (file, offset, error))
    return NULL;
  if (file->offset == offset)
    return g_steal_pointer (&file);
  gsize tail = (gsize) MIN (offset, TAIL_BYTES);
  if (read_at (file, file->tail, tail, offset - tail, error) < 0)
    return NULL;
  file->tail_len = tail;
  file->offset = offset;
  file->lines.number++;
  file->lines.skipping = TRUE;
  return g_steal_pointer (&file);
}

void
aak_source_growing_mark (const AakSourceGrowing *file, AakPosition *position)
{
  struct stat st;
  guint64 offset = file->offset - (file->lines.filled - file->lines.start);
  guint64 time = 0, serial = 0;
  /* Of a file that was cut back, and not read since, nothing is where it was. */
  g_autofree char *digest =
      still_stands (file) ? aak_log_file_digest (file->fd, offset, &time, &serial) : g_strdup ("");
  if (fstat (file->fd, &st) == 0)
    aak_position_add_file (position, st.st_dev, st.st_ino, offset, digest);
  if (time == 0)
    return;
  position->has_stamp = TRUE;
  position->time = time;
  position->serial = serial;
}

AakSourceLines *
aak_source_growing_lines (AakSourceGrowing *file)
{
  return &file->lines;
}

int
aak_source_growing_fd (const AakSourceGrowing *file)
{
  return file->fd;
}

void
aak_source_growing_free (AakSourceGrowing *file)
{
  aak_fd_clear (&file->fd);
  g_free (file);
}
