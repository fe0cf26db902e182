/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Temporary files that become files together. */
#include "config.h"

#include "lib/fs-batch.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A file that has not its name yet. */
typedef struct
{
  char *tmp;
  char *name;
} Waiting;

struct AakFsBatch
{
  char *shown; /* the directory, escaped */
  AakFd dir;
  GPtrArray *files; /* of Waiting */
  guint named;      /* how many of them have their names */
};

static void
waiting_free (Waiting *waiting)
{
  g_free (waiting->tmp);
  g_free (waiting->name);
  g_free (waiting);
}

AakFsBatch *
aak_fs_batch_new (const char *dir, GError **error)
{
  g_autofree char *shown = aak_escape (dir, strlen (dir));
  g_auto (AakFd) fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot open directory %s", shown);
      return NULL;
    }
  AakFsBatch *batch = g_new0 (AakFsBatch, 1);
  batch->shown = g_steal_pointer (&shown);
  batch->dir = aak_fd_steal (&fd);
  batch->files = g_ptr_array_new_with_free_func ((GDestroyNotify) waiting_free);
  return batch;
}

void
aak_fs_batch_free (AakFsBatch *batch)
{
  for (guint i = batch->named; i < batch->files->len; i++)
    unlinkat (batch->dir, ((const Waiting *) batch->files->pdata[i])->tmp, 0);
  g_ptr_array_unref (batch->files);
  aak_fd_clear (&batch->dir);
  g_free (batch->shown);
  g_free (batch);
}

/* Sets the error of what failed with the file @name. */
static gboolean
set_failed (const AakFsBatch *batch, const char *name, const char *what, GError **error)
{
  int saved = errno;
  g_autofree char *shown = aak_escape (name, strlen (name));
  return aak_error_set_errno (error, saved, "%s/%s: cannot %s", batch->shown, shown, what);
}

gboolean
aak_fs_batch_add (AakFsBatch *batch, const char *name, GBytes *data, guint mode, GError **error)
{
  gsize len = 0;
  const void *bytes = g_bytes_get_data (data, &len);
  char *tmp = NULL;
  g_auto (AakFd) fd = aak_fs_open_temporary (batch->dir, name, &tmp);
  if (fd < 0)
    return set_failed (batch, name, "create it", error);
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->tmp = tmp;
  waiting->name = g_strdup (name);
  g_ptr_array_add (batch->files, waiting);
  if (!aak_fs_write_all (fd, bytes, len, error))
    {
      g_autofree char *shown = aak_escape (name, strlen (name));
      g_prefix_error (error, "%s/%s: ", batch->shown, shown);
      return FALSE;
    }
  if (fchmod (fd, mode) < 0)
    return set_failed (batch, name, "set its mode", error);
  /* The disk begins here, and does them all at once; whether it does is for fsync() to tell. */
  int ignored = sync_file_range (fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  (void) ignored;
  return TRUE;
}

static gboolean
flush (const AakFsBatch *batch, const Waiting *waiting, GError **error)
{
  g_auto (AakFd) fd = openat (batch->dir, waiting->tmp, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  return (fd >= 0 && fsync (fd) == 0) || set_failed (batch, waiting->name, "flush it", error);
}

gboolean
aak_fs_batch_finish (AakFsBatch *batch, GError **error)
{
  for (guint i = batch->named; i < batch->files->len; i++)
    if (!flush (batch, batch->files->pdata[i], error))
      return FALSE;
  while (batch->named < batch->files->len)
    {
      const Waiting *waiting = batch->files->pdata[batch->named];
      if (renameat (batch->dir, waiting->tmp, batch->dir, waiting->name) < 0)
        return set_failed (batch, waiting->name, "rename", error);
      batch->named++;
    }
  if (fsync (batch->dir) < 0 && errno != EINVAL)
    return aak_error_set_errno (error, errno, "cannot flush directory %s", batch->shown);
  return TRUE;
}
