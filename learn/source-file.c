/* SPDX-License-Identifier: GPL-2.0-or-later
 * Log files, or standard input, read block by block one after the other, each to its end. */
#include "config.h"

#include "learn/source.h"

#include "learn/source-block.h"
#include "learn/source-decoder.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

typedef struct
{
  AakFd fd;
  off_t start; /* where its content begins, -1: it cannot be read again */
  char *name;  /* for positions and messages, escaped */
} File;

#define TAIL_SIZE (AAK_SOURCE_BLOCK_SIZE / 32) /* most lines are shorter */

typedef struct
{
  AakSource base;
  GArray *files; /* of File */
  guint current;
  AakSourceDecoder *decoder; /* of the current file; NULL before its first byte */
  gboolean at_end;           /* of the last file */
  guint64 blocks;
  AakFd wake;        /* readable once the reading is to end */
  gint interrupted;  /* the same, for those who do not wait */
  gboolean skipping; /* inside a line that was too long, up to its newline */
  gsize carried;     /* the begin of a line, whose end goes into the next block */
  char carry[AAK_SOURCE_BLOCK_SIZE];
  AakSourceBlock *block; /* what next() takes lines from; NULL before its first */
  guint64 lines_before;  /* of the current file, before that block */
} FileSource;

static void
file_clear (gpointer data)
{
  File *file = data;
  aak_fd_clear (&file->fd);
  g_free (file->name);
}

static File *
file_at (const FileSource *self, guint file)
{
  return &g_array_index (self->files, File, file);
}

static gboolean
open_decoder (FileSource *self, GError **error)
{
  int fd = fcntl (file_at (self, self->current)->fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    return aak_error_set_errno (error, errno, "cannot read");
  self->decoder = aak_source_decoder_new (fd, self->wake, error);
  return self->decoder != NULL;
}

/* Reads more of the current file into @block. Returns what aak_source_decoder_read() does. */
static gssize
fill (FileSource *self, AakSourceBlock *block, GError **error)
{
  if (self->decoder == NULL && !open_decoder (self, error))
    return -1;
  gssize n = aak_source_decoder_read (self->decoder, block->bytes + block->len,
                                      sizeof block->bytes - block->len, error);
  block->len += n > 0 ? (gsize) n : 0;
  return n;
}

static void
next_file (FileSource *self)
{
  g_clear_pointer (&self->decoder, aak_source_decoder_free);
  self->skipping = FALSE;
  self->at_end = self->current + 1 == self->files->len;
  self->current += !self->at_end;
}

/* Drops the rest of a line that was too long. */
static void
skip (FileSource *self, AakSourceBlock *block)
{
  const char *newline = memchr (block->bytes, '\n', block->len);
  gsize dropped = newline != NULL ? (gsize) (newline - block->bytes) + 1 : block->len;
  self->skipping = newline == NULL;
  block->len -= dropped;
  memmove (block->bytes, block->bytes + dropped, block->len);
}

/* Keeps what follows the last newline for the next block; FALSE where there is no newline, and the
 * block could hold more. */
static gboolean
cut (FileSource *self, AakSourceBlock *block)
{
  const char *newline = memrchr (block->bytes, '\n', block->len);
  if (newline == NULL && block->len < sizeof block->bytes)
    return FALSE;
  if (newline == NULL)
    {
      self->skipping = TRUE;
      return TRUE;
    }
  gsize whole = (gsize) (newline - block->bytes) + 1;
  self->carried = block->len - whole;
  memcpy (self->carry, newline + 1, self->carried);
  block->len = whole;
  return TRUE;
}

/* Finds the end of a block by the bytes around it alone, and leaves the rest to whoever works on
 * the block. FALSE where the block is to be read here: it is not of a plain file, or one of the
 * last. */
static gboolean
defer (FileSource *self, AakSourceBlock *block)
{
  char tail[TAIL_SIZE];
  const File *file = file_at (self, self->current);
  gboolean can = file->start >= 0 && self->decoder != NULL && !self->skipping
                 && aak_source_decoder_is_plain (self->decoder);
  int fd = file->fd;
  off_t here = can ? lseek (fd, 0, SEEK_CUR) : -1;
  off_t begin = here - (off_t) self->carried;
  off_t tail_at = begin + (off_t) (sizeof block->bytes - sizeof tail);
  if (here < 0 || pread (fd, tail, sizeof tail, tail_at) != sizeof tail)
    return FALSE;
  const char *newline = memrchr (tail, '\n', sizeof tail);
  off_t end = newline != NULL ? tail_at + (newline - tail) + 1 : -1;
  if (newline == NULL || lseek (fd, end, SEEK_SET) < 0)
    return FALSE;
  block->fd = fd;
  block->offset = begin;
  block->len = (gsize) (end - begin);
  block->number = self->blocks++;
  block->file = self->current;
  self->carried = 0;
  return TRUE;
}

static AakSourceStatus
file_next_block (AakSource *source, AakSourceBlock *block, GError **error)
{
  FileSource *self = (FileSource *) source;
  block->fd = -1;
  block->at = 0;
  block->lines = 0;
  if (block->later && !g_atomic_int_get (&self->interrupted) && defer (self, block))
    return AAK_SOURCE_RECORD;
  memcpy (block->bytes, self->carry, self->carried);
  block->len = self->carried;
  self->carried = 0;
  while (!self->at_end && !g_atomic_int_get (&self->interrupted))
    {
      block->file = self->current;
      block->number = self->blocks;
      gssize n = fill (self, block, error);
      if (n < 0)
        {
          block->len = 0;
          next_file (self);
          return AAK_SOURCE_FAILED;
        }
      if (n > 0 && self->skipping)
        skip (self, block);
      if (n == 0 && block->len == 0)
        next_file (self);
      if (n > 0 ? !cut (self, block) : block->len == 0)
        continue;
      self->blocks++;
      return AAK_SOURCE_RECORD;
    }
  block->len = 0;
  return AAK_SOURCE_END;
}

static char *
file_position_in (const AakSource *source, guint file, guint64 line)
{
  const char *name = file_at ((const FileSource *) source, file)->name;
  return line == 0 ? g_strdup (name) : g_strdup_printf ("%s:%" G_GUINT64_FORMAT, name, line);
}

static void
file_interrupt (AakSource *source)
{
  FileSource *self = (FileSource *) source;
  g_atomic_int_set (&self->interrupted, TRUE);
  eventfd_write (self->wake, 1);
}

static gboolean
file_restart (AakSource *source)
{
  FileSource *self = (FileSource *) source;
  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = file_at (self, i);
      if (file->start < 0 || lseek (file->fd, file->start, SEEK_SET) < 0)
        return FALSE;
    }
  eventfd_t woken;
  (void) eventfd_read (self->wake, &woken);
  g_atomic_int_set (&self->interrupted, FALSE);
  g_clear_pointer (&self->decoder, aak_source_decoder_free);
  self->at_end = FALSE;
  self->current = 0;
  self->blocks = self->carried = 0;
  self->skipping = FALSE;
  return TRUE;
}

/* --- line by line ---------------------------------------------------------------------------- */

static char *
file_position (const AakSource *source)
{
  const FileSource *self = (const FileSource *) source;
  if (self->block == NULL)
    return file_position_in (source, self->current, 0);
  return file_position_in (source, self->block->file, self->lines_before + self->block->lines);
}

static AakSourceStatus
file_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  FileSource *self = (FileSource *) source;
  if (self->block == NULL)
    self->block = g_new0 (AakSourceBlock, 1);
  while (!aak_source_block_take (self->block, out))
    {
      guint file = self->block->file;
      guint64 lines = self->lines_before + self->block->lines;
      AakSourceStatus status = file_next_block (source, self->block, error);
      self->lines_before = self->block->file == file ? lines : 0;
      if (status == AAK_SOURCE_FAILED)
        aak_source_prefix_error (source, self->block->file, self->lines_before, error);
      if (status != AAK_SOURCE_RECORD)
        return status;
    }
  return AAK_SOURCE_RECORD;
}

static int
file_fd (const AakSource *source)
{
  (void) source;
  return -1;
}

static void
file_close (AakSource *source)
{
  FileSource *self = (FileSource *) source;
  g_clear_pointer (&self->decoder, aak_source_decoder_free);
  g_array_unref (self->files);
  aak_fd_clear (&self->wake);
  g_free (self->block);
  g_free (self);
}

static const AakSourceClass file_class = {
  .name = "file",
  .next = file_next,
  .fd = file_fd,
  .position = file_position,
  .close = file_close,
  .next_block = file_next_block,
  .position_in = file_position_in,
  .interrupt = file_interrupt,
  .restart = file_restart,
};

/* --- opening --------------------------------------------------------------------------------- */

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
  off_t start = S_ISREG (st.st_mode) ? lseek (fd, 0, SEEK_CUR) : -1;
  File file = { aak_fd_steal (&fd), start, g_steal_pointer (&name) };
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
  g_auto (AakFd) wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0)
    {
      aak_error_set_errno (error, errno, "cannot read logs");
      return NULL;
    }
  FileSource *self = g_new0 (FileSource, 1);
  self->base.class = &file_class;
  self->wake = aak_fd_steal (&wake);
  self->files = g_steal_pointer (&files);
  return &self->base;
}

AakSource *
aak_source_file_open (const char *path, GError **error)
{
  const char *const paths[] = { path, NULL };
  return aak_source_files_open (paths, error);
}
