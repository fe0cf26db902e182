/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Bounded reads and atomic writes. */
#include "config.h"

#include "lib/fs.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT_ONCE ((gsize) 65536) /* bytes to read where the size is not known */

char *
aak_fs_path (const char *root, const char *path)
{
  if (aak_fs_is_host (root))
    return g_strdup (path);
  return g_build_filename (root, path, NULL);
}

gboolean
aak_fs_is_host (const char *root)
{
  return root == NULL || *root == '\0' || strcmp (root, "/") == 0;
}

/* @path as messages have it; the caller frees it. */
static char *
shown (const char *path)
{
  int saved = errno;
  char *text = aak_escape (path, strlen (path));
  errno = saved;
  return text;
}

/* Reads @fd to its end; it has @size bytes, as far as that is known (0: it is not). Here, and in
 * the next function, @path is escaped. NULL with an error. */
static GBytes *
read_fd (int fd, const char *path, gsize max, gsize size, GError **error)
{
  gsize room = MIN (size > 0 ? size : AT_ONCE, max) + 1, len = 0;
  g_autofree char *data = g_malloc (room);
  for (;;)
    {
      ssize_t n = read (fd, data + len, room - len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          aak_error_set_errno (error, errno, "cannot read %s", path);
          return NULL;
        }
      len += (gsize) n;
      if (n == 0 || (len == size && len < room))
        return g_bytes_new_take (g_realloc (g_steal_pointer (&data), len), len);
      if (len > max)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "%s: larger than %" G_GSIZE_FORMAT " bytes", path, max);
          return NULL;
        }
      if (len == room)
        {
          room = MIN (2 * room, max + 1);
          data = g_realloc (data, room);
        }
    }
}

static GBytes *
read_regular (int fd, const char *path, gsize max, gboolean trusted, GError **error)
{
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    {
      aak_error_set_errno (error, errno, "cannot open %s", path);
      return NULL;
    }
  if (!S_ISREG (st.st_mode))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not a regular file", path);
      return NULL;
    }
  if (trusted && !aak_trust_check (&st, path, error))
    return NULL;
  /* The kernel's own files do not tell theirs. */
  return read_fd (fd, path, max, st.st_size > 0 ? (gsize) st.st_size : 0, error);
}

static GBytes *
read_path (const char *path, gsize max, gboolean trusted, GError **error)
{
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  g_autofree char *name = shown (path);
  return read_regular (fd, name, max, trusted, error);
}

GBytes *
aak_fs_read_open (int fd, const char *path, gsize max, GError **error)
{
  g_autofree char *name = shown (path);
  return read_regular (fd, name, max, FALSE, error);
}

GBytes *
aak_fs_read (const char *path, gsize max, GError **error)
{
  return read_path (path, max, FALSE, error);
}

GBytes *
aak_fs_read_trusted (const char *path, gsize max, GError **error)
{
  return read_path (path, max, TRUE, error);
}

GBytes *
aak_fs_read_stdin (gsize max, GError **error)
{
  return read_fd (STDIN_FILENO, "standard input", max, 0, error);
}

char *
aak_fs_text (GBytes *bytes, const char *what, GError **error)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  if (len > 0 && memchr (data, '\0', len) != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: holds a NUL byte, not a text", what);
      return NULL;
    }
  while (len > 0 && data[len - 1] == '\n')
    len--;
  return g_strndup (len > 0 ? data : "", len);
}

char *
aak_fs_read_text (const char *path, gsize max, GError **error)
{
  g_autoptr (GBytes) bytes = aak_fs_read (path, max, error);
  g_autofree char *name = shown (path);
  return bytes != NULL ? aak_fs_text (bytes, name, error) : NULL;
}

char *
aak_fs_read_text_at (int dir, const char *shown_dir, const char *file, gsize max, GError **error)
{
  g_autofree char *path = g_build_filename (shown_dir, file, NULL);
  g_auto (AakFd) fd = openat (dir, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot read %s", path);
      return NULL;
    }
  g_autoptr (GBytes) bytes = aak_fs_read_open (fd, path, max, error);
  if (bytes == NULL)
    return NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\0'))
    len--;
  return g_strndup (data != NULL ? data : "", len);
}

gboolean
aak_fs_write_all (int fd, const void *data, gsize len, GError **error)
{
  const char *p = data;
  while (len > 0)
    {
      ssize_t n = write (fd, p, len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return aak_error_set_errno (error, errno, "cannot write");
      p += n;
      len -= (gsize) n;
    }
  return TRUE;
}

int
aak_fs_open_temporary (int dir_fd, const char *name, char **out_tmp)
{
  for (int attempt = 0; attempt < 100; attempt++)
    {
      g_autofree char *tmp = g_strdup_printf (".%.200s.%08x", name, g_random_int ());
      int fd = openat (dir_fd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
      if (fd < 0 && errno == EEXIST)
        continue;
      if (fd >= 0)
        *out_tmp = g_steal_pointer (&tmp);
      return fd;
    }
  return -1;
}

static gboolean
write_and_rename (int dir_fd, int fd, const char *tmp, const char *name, GBytes *data, guint mode,
                  GError **error)
{
  gsize len = 0;
  const void *bytes = g_bytes_get_data (data, &len);
  if (!aak_fs_write_all (fd, bytes, len, error))
    return FALSE;
  if (fchmod (fd, mode) < 0 || fsync (fd) < 0)
    return aak_error_set_errno (error, errno, "cannot flush");
  if (renameat (dir_fd, tmp, dir_fd, name) < 0)
    return aak_error_set_errno (error, errno, "cannot rename");
  return TRUE;
}

gboolean
aak_fs_write (const char *path, const void *data, gsize len, guint mode, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path), *shown_dir = shown (dir);
  g_autofree char *name = g_path_get_basename (path), *shown_path = shown (path);
  g_auto (AakFd) dir_fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir_fd < 0)
    return aak_error_set_errno (error, errno, "cannot open directory %s", shown_dir);

  g_autofree char *tmp = NULL;
  g_auto (AakFd) fd = aak_fs_open_temporary (dir_fd, name, &tmp);
  if (fd < 0)
    return aak_error_set_errno (error, errno, "cannot create %s", shown_path);

  g_autoptr (GBytes) bytes = g_bytes_new_static (data, len);
  if (!write_and_rename (dir_fd, fd, tmp, name, bytes, mode, error))
    {
      unlinkat (dir_fd, tmp, 0);
      g_prefix_error (error, "%s: ", shown_path);
      return FALSE;
    }
  if (fsync (dir_fd) < 0 && errno != EINVAL)
    return aak_error_set_errno (error, errno, "cannot flush directory %s", shown_dir);
  return TRUE;
}

gboolean
aak_fs_remove (const char *path, GError **error)
{
  if (unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  g_autofree char *name = shown (path);
  return aak_error_set_errno (error, errno, "cannot remove %s", name);
}

/* The file's name that the temporary name @tmp was made of by aak_fs_open_temporary(), or NULL. */
static char *
name_of_temporary (const char *tmp)
{
  const char *dot = strrchr (tmp, '.');
  if (*tmp != '.' || dot == tmp || strspn (dot + 1, "0123456789abcdef") != 8 || dot[9] != '\0')
    return NULL;
  return g_strndup (tmp + 1, (gsize) (dot - tmp) - 1);
}

void
aak_fs_sweep (const char *dir, GHashTable *names)
{
  g_autoptr (GPtrArray) entries = aak_fs_names (dir, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      g_autofree char *name = name_of_temporary (entries->pdata[i]);
      if (name == NULL || !g_hash_table_contains (names, name))
        continue;
      g_autofree char *path = g_build_filename (dir, entries->pdata[i], NULL);
      int ignored = unlink (path);
      (void) ignored;
    }
}

GPtrArray *
aak_fs_names (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  DIR *dir = opendir (path);
  errno = dir != NULL ? 0 : errno;
  for (struct dirent *entry = dir != NULL ? readdir (dir) : NULL; entry != NULL;
       entry = readdir (dir))
    {
      if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
        g_ptr_array_add (names, g_strdup (entry->d_name));
      errno = 0;
    }
  int saved = errno;
  if (dir != NULL)
    closedir (dir);
  if (saved == 0)
    return g_steal_pointer (&names);
  aak_error_set_errno (error, saved, "cannot read %s", path);
  return NULL;
}

gboolean
aak_fs_make_dir (const char *path, GError **error)
{
  g_autofree char *name = shown (path);
  if (g_mkdir_with_parents (path, 0755) < 0)
    return aak_error_set_errno (error, errno, "cannot make directory %s", name);
  return TRUE;
}

gboolean
aak_fs_check_writable (const char *path, GError **error)
{
  if (!aak_fs_make_dir (path, error))
    return FALSE;
  g_autofree char *name = shown (path);
  g_auto (AakFd) dir_fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir_fd < 0)
    return aak_error_set_errno (error, errno, "cannot open directory %s", name);
  g_autofree char *tmp = NULL;
  g_auto (AakFd) fd = aak_fs_open_temporary (dir_fd, "probe", &tmp);
  if (fd < 0)
    return aak_error_set_errno (error, errno, "cannot write in %s", name);
  static const char block[4096];
  g_autoptr (GError) local = NULL;
  gboolean ok = aak_fs_write_all (fd, block, sizeof block, &local);
  if (unlinkat (dir_fd, tmp, 0) < 0 && ok)
    return aak_error_set_errno (error, errno, "cannot remove a temporary file in %s", name);
  if (!ok)
    g_propagate_prefixed_error (error, g_steal_pointer (&local), "in %s: ", name);
  return ok;
}
