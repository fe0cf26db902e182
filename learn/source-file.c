/* SPDX-License-Identifier: GPL-2.0-or-later
 * A log file, or standard input, read line by line to its end. */
#include "config.h"

#include "learn/source.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* No record of the kernel's is longer; of a longer line the parser gets this much, and judges by
 * it. */
#define LINE_MAX_BYTES 65536

typedef struct
{
  AakSource base;
  AakFd fd;
  char *name;   /* for positions and messages, escaped */
  guint64 line; /* number of the line that was given last */
  gsize start;  /* of what is not given yet, in buffer */
  gsize filled;
  gboolean at_end;
  gboolean skipping; /* inside a line that was too long, up to its newline */
  char buffer[LINE_MAX_BYTES * 2];
} FileSource;

/* Moves what is left to the front and reads more; FALSE with an error, or at the end of
 * the input. */
static gboolean
fill (FileSource *self, GError **error)
{
  memmove (self->buffer, self->buffer + self->start, self->filled - self->start);
  self->filled -= self->start;
  self->start = 0;
  ssize_t n;
  do
    n = read (self->fd, self->buffer + self->filled, sizeof self->buffer - self->filled);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return aak_error_set_errno (error, errno, "cannot read %s after line %" G_GUINT64_FORMAT,
                                self->name, self->line);
  self->at_end = n == 0;
  self->filled += (gsize) n;
  return n > 0;
}

/* Gives the bytes up to @length as a line, and goes on after @consumed of them. */
static AakSourceStatus
give (FileSource *self, gsize length, gsize consumed, AakSourceRecord *out)
{
  *out = (AakSourceRecord){ 0, self->buffer + self->start, length };
  self->start += consumed;
  self->line++;
  return AAK_SOURCE_RECORD;
}

static AakSourceStatus
file_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  FileSource *self = (FileSource *) source;
  for (;;)
    {
      gsize left = self->filled - self->start;
      const char *newline = memchr (self->buffer + self->start, '\n', left);
      gsize length = newline != NULL ? (gsize) (newline - (self->buffer + self->start)) : left;
      if (self->skipping && (newline != NULL || left > 0))
        {
          self->start += newline != NULL ? length + 1 : left;
          self->skipping = newline == NULL;
          continue;
        }
      if (newline != NULL)
        return give (self, MIN (length, LINE_MAX_BYTES), length + 1, out);
      if (left >= LINE_MAX_BYTES)
        {
          self->skipping = TRUE;
          return give (self, LINE_MAX_BYTES, left, out);
        }
      if (self->at_end && left > 0)
        return give (self, left, left, out);
      GError *local = NULL;
      if (self->at_end || (!fill (self, &local) && local == NULL && self->filled == self->start))
        return AAK_SOURCE_END;
      if (local != NULL)
        {
          g_propagate_error (error, local);
          return AAK_SOURCE_FAILED;
        }
    }
}

static int
file_fd (const AakSource *source)
{
  (void) source;
  return -1;
}

static char *
file_position (const AakSource *source)
{
  const FileSource *self = (const FileSource *) source;
  return g_strdup_printf ("%s:%" G_GUINT64_FORMAT, self->name, self->line);
}

static void
file_close (AakSource *source)
{
  FileSource *self = (FileSource *) source;
  aak_fd_clear (&self->fd);
  g_free (self->name);
  g_free (self);
}

static const AakSourceClass file_class = {
  .name = "file",
  .next = file_next,
  .fd = file_fd,
  .position = file_position,
  .close = file_close,
};

AakSource *
aak_source_file_open (const char *path, GError **error)
{
  gboolean is_stdin = strcmp (path, "-") == 0;
  g_autofree char *name = is_stdin ? g_strdup ("stdin") : aak_escape (path, strlen (path));
  g_auto (AakFd) fd = is_stdin ? dup (STDIN_FILENO) : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    {
      aak_error_set_errno (error, errno, "cannot open %s", name);
      return NULL;
    }
  if (S_ISDIR (st.st_mode))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: is a directory, not a log", name);
      return NULL;
    }
  FileSource *self = g_new0 (FileSource, 1);
  self->base.class = &file_class;
  self->fd = aak_fd_steal (&fd);
  self->name = g_steal_pointer (&name);
  return &self->base;
}
