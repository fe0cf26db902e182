/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A bundle's directory: filled, flushed, exchanged with the old one. */
#include "config.h"

#include "lib/bundle-dir.h"

#include "lib/bundle.h"
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define FILE_MODE 0644
#define PREFIX    ".%s.aakit-" /* of directories beside a bundle */
/* Up to that many new files are flushed one by one: that waits for nothing that others have
 * written. */
#define FEW_FILES 32

struct AakBundleDir
{
  char *path;   /* where it goes */
  char *parent; /* of @path */
  char *fresh;  /* where it is; NULL: at @path */
  AakFd lock;   /* of @fresh, by flock() */
  int old;      /* the bundle that files are taken from, or -1 */
  GHashTable *subs;
  GPtrArray *files; /* the new ones, below @fresh */
};

/* A directory in it, and the one of the same name in the old bundle, or -1. */
typedef struct
{
  AakFd fd;
  AakFd old;
} Sub;

static void
sub_free (Sub *sub)
{
  aak_fd_clear (&sub->fd);
  aak_fd_clear (&sub->old);
  g_free (sub);
}

/* --- beginning ------------------------------------------------------------------------------- */

/* Removes what killed builds of the same bundle have left: their directories are not locked any
 * more. */
static void
sweep (const char *parent, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
       name = g_dir_read_name (dir))
    {
      if (!g_str_has_prefix (name, prefix))
        continue;
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_auto (AakFd) fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
        aak_tree_remove (path);
    }
}

void
aak_bundle_dir_sweep (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *prefix = g_strdup_printf (PREFIX, name);
  g_auto (AakFd) guard = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (guard >= 0 && flock (guard, LOCK_EX) == 0)
    sweep (parent, prefix);
}

/* Makes the directory @fresh (a template) and gives a descriptor that locks it, or -1. The lock on
 * @parent keeps another build from sweeping it away before it is locked itself. */
static int
make_fresh (const char *parent, const char *prefix, char *fresh, GError **error)
{
  g_auto (AakFd) guard = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (guard >= 0)
    flock (guard, LOCK_EX);
  sweep (parent, prefix);
  if (g_mkdtemp_full (fresh, 0755) == NULL)
    {
      aak_error_set_errno (error, errno, "cannot make a directory in %s", parent);
      return -1;
    }
  g_auto (AakFd) lock = open (fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || flock (lock, LOCK_EX) < 0 || chmod (fresh, 0755) < 0)
    {
      aak_error_set_errno (error, errno, "cannot lock %s", fresh);
      aak_tree_remove (fresh);
      return -1;
    }
  return aak_fd_steal (&lock);
}

static gboolean
check_target (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || aak_bundle_is (path)
      || (dir != NULL && g_dir_read_name (dir) == NULL))
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s is there already and no bundle: it is left alone, name another place", path);
  return FALSE;
}

AakBundleDir *
aak_bundle_dir_new (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *prefix = g_strdup_printf (PREFIX, name);
  g_autofree char *fresh = g_strdup_printf ("%s/%sXXXXXX", parent, prefix);
  g_auto (AakFd) lock = check_target (path, error) && aak_fs_make_dir (parent, error)
                            ? make_fresh (parent, prefix, fresh, error)
                            : -1;
  if (lock < 0)
    return NULL;
  AakBundleDir *dir = g_new0 (AakBundleDir, 1);
  dir->path = g_strdup (path);
  dir->parent = g_steal_pointer (&parent);
  dir->fresh = g_steal_pointer (&fresh);
  dir->lock = aak_fd_steal (&lock);
  dir->old = -1;
  dir->subs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sub_free);
  dir->files = g_ptr_array_new_with_free_func (g_free);
  return dir;
}

void
aak_bundle_dir_free (AakBundleDir *dir)
{
  if (dir->fresh != NULL)
    aak_tree_remove (dir->fresh);
  g_hash_table_unref (dir->subs);
  g_ptr_array_unref (dir->files);
  aak_fd_clear (&dir->lock);
  g_free (dir->path);
  g_free (dir->parent);
  g_free (dir->fresh);
  g_free (dir);
}

void
aak_bundle_dir_set_old (AakBundleDir *dir, int old)
{
  dir->old = old;
}

/* --- filling --------------------------------------------------------------------------------- */

gboolean
aak_bundle_dir_make (AakBundleDir *dir, const char *sub, GError **error)
{
  if (g_hash_table_contains (dir->subs, sub))
    return TRUE;
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  g_auto (AakFd) fd = mkdirat (dir->lock, sub, 0755) == 0 ? openat (dir->lock, sub, flags) : -1;
  if (fd < 0 || fchmod (fd, 0755) < 0)
    return aak_error_set_errno (error, errno, "cannot make directory %s/%s", dir->fresh, sub);
  Sub *made = g_new0 (Sub, 1);
  made->fd = aak_fd_steal (&fd);
  made->old = dir->old >= 0 ? openat (dir->old, sub, flags) : -1;
  g_hash_table_insert (dir->subs, g_strdup (sub), made);
  return TRUE;
}

static gboolean
fill_file (int fd, GBytes *bytes, GError **error)
{
  gsize len = 0;
  const void *data = g_bytes_get_data (bytes, &len);
  if (!aak_fs_write_all (fd, data, len, error))
    return FALSE;
  if (fchmod (fd, FILE_MODE) < 0)
    return aak_error_set_errno (error, errno, "cannot write");
  /* The disk begins here, and does them all at once; whether it does is for fsync() to tell. */
  int ignored = sync_file_range (fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  (void) ignored;
  return TRUE;
}

gboolean
aak_bundle_dir_put (AakBundleDir *dir, const char *sub, const char *name, GBytes *bytes,
                    GError **error)
{
  g_autofree char *file = g_build_filename (sub, name, NULL);
  g_auto (AakFd) fd =
      openat (dir->lock, file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return TRUE;
  if (fd < 0)
    return aak_error_set_errno (error, errno, "cannot create %s/%s", dir->fresh, file);
  if (!fill_file (fd, bytes, error))
    {
      g_prefix_error (error, "%s/%s: ", dir->fresh, file);
      return FALSE;
    }
  g_ptr_array_add (dir->files, g_steal_pointer (&file));
  return TRUE;
}

/* TRUE where the file @name is as aak_bundle_dir_put() makes one of @size bytes. */
static gboolean
is_own (int dir_fd, const char *name, gsize size)
{
  struct stat st;
  return fstatat (dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode)
         && (st.st_mode & 07777) == FILE_MODE && st.st_uid == geteuid ()
         && (gsize) st.st_size == size;
}

gboolean
aak_bundle_dir_keep (AakBundleDir *dir, const char *sub, const char *name, GBytes *bytes,
                     GError **error)
{
  const Sub *in = g_hash_table_lookup (dir->subs, sub);
  if (in != NULL && in->old >= 0 && is_own (in->old, name, g_bytes_get_size (bytes))
      && (linkat (in->old, name, in->fd, name, 0) == 0 || errno == EEXIST))
    return TRUE;
  return aak_bundle_dir_put (dir, sub, name, bytes, error);
}

/* --- finishing ------------------------------------------------------------------------------- */

/* fsync() of few files is quicker than syncfs(), which also writes what others left to be
 * written. */
static gboolean
flush_files (const AakBundleDir *dir)
{
  for (guint i = 0; i < dir->files->len; i++)
    {
      g_auto (AakFd) fd =
          openat (dir->lock, dir->files->pdata[i], O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
      if (fd < 0 || fsync (fd) < 0)
        return FALSE;
    }
  GHashTableIter iter;
  gpointer sub = NULL;
  g_hash_table_iter_init (&iter, dir->subs);
  while (g_hash_table_iter_next (&iter, NULL, &sub))
    if (fsync (((Sub *) sub)->fd) < 0)
      return FALSE;
  return fsync (dir->lock) == 0;
}

static gboolean
flush (const AakBundleDir *dir, GError **error)
{
  gboolean ok = dir->files->len <= FEW_FILES ? flush_files (dir) : syncfs (dir->lock) == 0;
  return ok || aak_error_set_errno (error, errno, "cannot flush %s", dir->fresh);
}

gboolean
aak_bundle_dir_finish (AakBundleDir *dir, GError **error)
{
  if (!flush (dir, error) || !aak_tree_swap (dir->fresh, dir->path, error))
    return FALSE;
  g_clear_pointer (&dir->fresh, g_free);
  return TRUE;
}
