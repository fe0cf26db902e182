/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looks at the owner and the mode of everything below a directory. */
#include "config.h"

#include "register/include-tree.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/path-walk.h"
#include "lib/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_ENTRIES 50000
#define MAX_DEPTH   16

static gboolean check_directory (int fd, const char *path, guint depth, guint *entries,
                                 GError **error);

/* What the link @path leads to, if it leads anywhere. */
static gboolean
check_target (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_auto (AakFd) fd = aak_path_open (path, AAK_PATH_OWNERS, &local);
  if (fd >= 0 || g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
check_entry (int dir, const char *name, const char *path, guint depth, guint *entries,
             GError **error)
{
  struct stat st;
  g_autofree char *shown = aak_escape (path, strlen (path));
  if (fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT || aak_error_set_errno (error, errno, "cannot read %s", shown);
  if (!aak_trust_check (&st, shown, error))
    return FALSE;
  if (S_ISLNK (st.st_mode))
    return check_target (path, error);
  if (!S_ISDIR (st.st_mode))
    return TRUE;
  int fd = openat (dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0)
    return check_directory (fd, path, depth + 1, entries, error);
  return errno == ENOENT || errno == EACCES
         || aak_error_set_errno (error, errno, "cannot read %s", shown);
}

/* Takes @fd. */
static gboolean
check_directory (int fd, const char *path, guint depth, guint *entries, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_auto (AakFd) owned = fd;
  g_autoptr (DIR) dir = aak_fd_entries (&owned);
  if (dir == NULL)
    return aak_error_set_errno (error, errno, "cannot read %s", shown);
  for (const struct dirent *entry = readdir (dir); entry != NULL; entry = readdir (dir))
    {
      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
        continue;
      if (++*entries > MAX_ENTRIES || depth > MAX_DEPTH)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "%s: more files than a directory of includes may have, or too deep", shown);
          return FALSE;
        }
      g_autofree char *child = g_build_filename (path, entry->d_name, NULL);
      if (!check_entry (dirfd (dir), entry->d_name, child, depth, entries, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
aak_include_tree_check (const char *base, GError **error)
{
  guint entries = 0;
  int fd = aak_path_open (base, AAK_PATH_OWNERS, error);
  return fd >= 0 && check_directory (fd, base, 0, &entries, error);
}
