/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Cloning, removing and exchanging directory trees. */
#include "config.h"

#include "lib/tree.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 64

static void remove_in (int dir, const char *name, int depth);

/* Empties the directory @name in @dir. By descriptors, so that no path is walked twice. */
static void
empty (int dir, const char *name, int depth)
{
  g_auto (AakFd) fd = openat (dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *stream = fd >= 0 && depth < MAX_DEPTH ? fdopendir (fd) : NULL;
  if (stream == NULL)
    return;
  int inside = aak_fd_steal (&fd); /* the stream's now */
  for (struct dirent *entry = readdir (stream); entry != NULL; entry = readdir (stream))
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      remove_in (inside, entry->d_name, depth + 1);
  closedir (stream);
}

static void
remove_in (int dir, const char *name, int depth)
{
  if (unlinkat (dir, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
    return;
  empty (dir, name, depth);
  int ignored = unlinkat (dir, name, AT_REMOVEDIR);
  (void) ignored;
}

void
aak_tree_remove (const char *path)
{
  remove_in (AT_FDCWD, path, 0);
}

static gboolean
clone_link (const char *from, const char *to, GError **error)
{
  g_autofree char *target = g_file_read_link (from, error);
  if (target == NULL)
    return FALSE;
  return symlink (target, to) == 0 || aak_error_set_errno (error, errno, "cannot make %s", to);
}

static gboolean
clone_directory (const char *from, const char *to, int depth, GError **error)
{
  g_autoptr (GPtrArray) names = aak_fs_names (from, error);
  if (names == NULL)
    return FALSE;
  if (depth > MAX_DEPTH)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: nested too deep", from);
      return FALSE;
    }
  if (g_mkdir (to, 0755) < 0)
    return aak_error_set_errno (error, errno, "cannot make directory %s", to);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *source = g_build_filename (from, names->pdata[i], NULL);
      g_autofree char *copy = g_build_filename (to, names->pdata[i], NULL);
      struct stat st;
      if (lstat (source, &st) < 0)
        return aak_error_set_errno (error, errno, "cannot read %s", source);
      if (S_ISDIR (st.st_mode))
        {
          if (!clone_directory (source, copy, depth + 1, error))
            return FALSE;
        }
      else if (S_ISLNK (st.st_mode))
        {
          if (!clone_link (source, copy, error))
            return FALSE;
        }
      else if (link (source, copy) < 0)
        return aak_error_set_errno (error, errno, "cannot make %s", copy);
    }
  return TRUE;
}

gboolean
aak_tree_clone (const char *from, const char *to, GError **error)
{
  if (clone_directory (from, to, 0, error))
    return TRUE;
  aak_tree_remove (to);
  return FALSE;
}

/* The names in a directory are on the disk only then. */
static gboolean
flush_parent (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_auto (AakFd) fd = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && (fsync (fd) == 0 || errno == EINVAL))
    return TRUE;
  return aak_error_set_errno (error, errno, "cannot flush directory %s", parent);
}

/* Moves @path away, @fresh into its place, and back where that fails. */
static gboolean
swap_by_renaming (const char *fresh, const char *path, GError **error)
{
  g_autofree char *old = g_strconcat (fresh, ".old", NULL);
  if (rename (path, old) < 0)
    return aak_error_set_errno (error, errno, "cannot replace %s", path);
  if (rename (fresh, path) < 0)
    {
      int saved = errno;
      if (rename (old, path) < 0)
        return aak_error_set_errno (error, saved, "cannot replace %s, whose content is now in %s",
                                    path, old);
      return aak_error_set_errno (error, saved, "cannot replace %s", path);
    }
  gboolean ok = flush_parent (path, error);
  aak_tree_remove (old);
  return ok;
}

gboolean
aak_tree_swap (const char *fresh, const char *path, GError **error)
{
  if (renameat2 (AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
    {
      gboolean ok = flush_parent (path, error);
      aak_tree_remove (fresh);
      return ok;
    }
  if (errno == ENOENT && rename (fresh, path) == 0)
    return flush_parent (path, error);
  if (errno == EINVAL || errno == ENOSYS || errno == EXDEV)
    return swap_by_renaming (fresh, path, error);
  return aak_error_set_errno (error, errno, "cannot replace %s", path);
}
