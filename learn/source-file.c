/* SPDX-License-Identifier: GPL-2.0-or-later
 * Log files, or standard input, read line by line one after the other, each to its end. */
#include "config.h"

#include "learn/source.h"

#include "learn/source-decoder.h"
#include "learn/source-lines.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  AakFd fd;
  char *name; /* for positions and messages, escaped */
} File;

typedef struct
{
  AakSource base;
  GArray *files; /* of File */
  guint current;
  AakSourceDecoder *decoder; /* of the current file; NULL before its first byte */
  AakSourceLines lines;
} FileSource;

static void
file_clear (gpointer data)
{
  File *file = data;
  aak_fd_clear (&file->fd);
  g_free (file->name);
}

static File *
current_file (const FileSource *self)
{
  return &g_array_index (self->files, File, self->current);
}

/* Reads more of the current file. Returns what aak_source_decoder_read() does; its errors name file
 * and line. */
static gssize
fill (FileSource *self, GError **error)
{
  File *file = current_file (self);
  gssize n = -1;
  GError *local = NULL;
  if (self->decoder == NULL)
    self->decoder = aak_source_decoder_new (aak_fd_steal (&file->fd), &local);
  if (self->decoder != NULL)
    {
      gsize room;
      char *buffer = aak_source_lines_room (&self->lines, &room);
      n = aak_source_decoder_read (self->decoder, buffer, room, &local);
    }
  if (n < 0)
    g_propagate_prefixed_error (error, local, "%s, after line %" G_GUINT64_FORMAT ": ", file->name,
                                self->lines.number);
  else
    aak_source_lines_added (&self->lines, (gsize) n);
  return n;
}

/* The last file stays the current one, for the position. */
static gboolean
next_file (FileSource *self)
{
  if (self->current + 1 == self->files->len)
    return FALSE;
  self->current++;
  g_clear_pointer (&self->decoder, aak_source_decoder_free);
  aak_source_lines_reset (&self->lines);
  return TRUE;
}

static AakSourceStatus
file_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  FileSource *self = (FileSource *) source;
  while (!aak_source_lines_take (&self->lines, out))
    {
      gssize n = fill (self, error);
      if (n < 0)
        return AAK_SOURCE_FAILED;
      if (n > 0)
        continue;
      if (aak_source_lines_take_rest (&self->lines, out))
        return AAK_SOURCE_RECORD;
      if (!next_file (self))
        return AAK_SOURCE_END;
    }
  return AAK_SOURCE_RECORD;
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
  return g_strdup_printf ("%s:%" G_GUINT64_FORMAT, current_file (self)->name, self->lines.number);
}

static void
file_close (AakSource *source)
{
  FileSource *self = (FileSource *) source;
  g_clear_pointer (&self->decoder, aak_source_decoder_free);
  g_array_unref (self->files);
  g_free (self);
}

static const AakSourceClass file_class = {
  .name = "file",
  .next = file_next,
  .fd = file_fd,
  .position = file_position,
  .close = file_close,
};

static gboolean
add_file (GArray *files, const char *path, GError **error)
{
  gboolean is_stdin = strcmp (path, "-") == 0;
  g_autofree char *name = is_stdin ? g_strdup ("stdin") : aak_escape (path, strlen (path));
  g_auto (AakFd) fd = is_stdin ? dup (STDIN_FILENO) : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot open %s", name);
  if (S_ISDIR (st.st_mode))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: is a directory, not a log", name);
      return FALSE;
    }
  File file = { aak_fd_steal (&fd), g_steal_pointer (&name) };
  g_array_append_val (files, file);
  return TRUE;
}

/* All are opened now: a name that is wrong shows before the first is read. */
AakSource *
aak_source_files_open (const char *const *paths, GError **error)
{
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (File));
  g_array_set_clear_func (files, file_clear);
  for (const char *const *path = paths; *path != NULL; path++)
    if (!add_file (files, *path, error))
      return NULL;
  FileSource *self = g_new0 (FileSource, 1);
  self->base.class = &file_class;
  self->files = g_steal_pointer (&files);
  return &self->base;
}

AakSource *
aak_source_file_open (const char *path, GError **error)
{
  const char *const paths[] = { path, NULL };
  return aak_source_files_open (paths, error);
}
