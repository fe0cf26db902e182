/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A redo log in its smallest form: the new files lie complete beside the old ones before the list
 * that names them appears, and what the list names takes its place as often as needed. */
#include "config.h"

#include "lib/file-set.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define COMMIT    ".aakit.commit"
#define LIST_MAX  (1u << 20)
#define FILE_MODE 0644

struct AakFileSet
{
  GPtrArray *names;
  GPtrArray *contents; /* GBytes* */
};

AakFileSet *
aak_file_set_new (void)
{
  AakFileSet *set = g_new (AakFileSet, 1);
  set->names = g_ptr_array_new_with_free_func (g_free);
  set->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return set;
}

void
aak_file_set_free (AakFileSet *set)
{
  g_ptr_array_unref (set->names);
  g_ptr_array_unref (set->contents);
  g_free (set);
}

void
aak_file_set_add (AakFileSet *set, const char *name, GBytes *content)
{
  g_ptr_array_add (set->names, g_strdup (name));
  g_ptr_array_add (set->contents, g_bytes_ref (content));
}

static char *
next_name (const char *name)
{
  return g_strdup_printf (".%s.next", name);
}

static gboolean
write_file (const char *dir, const char *name, GBytes *content, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  gsize len = 0;
  const void *data = g_bytes_get_data (content, &len);
  return aak_fs_write (path, data, len, FILE_MODE, error);
}

static int
open_dir (const char *dir, GError **error)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    aak_error_set_errno (error, errno, "cannot open directory %s", dir);
  return fd;
}

/* The names, one a line. */
static GBytes *
list_names (const AakFileSet *set)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < set->names->len; i++)
    g_string_append_printf (list, "%s\n", (const char *) g_ptr_array_index (set->names, i));
  return g_string_free_to_bytes (list);
}

/* Gives each name its new file, where it has not got it yet; then the list goes. */
static gboolean
commit (int dir_fd, GBytes *list, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (list, &len);
  g_autofree char *copy = g_strndup (text, len);
  g_auto (GStrv) names = g_strsplit (copy, "\n", -1);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *next = next_name (*name);
      if (**name != '\0' && renameat (dir_fd, next, dir_fd, *name) < 0 && errno != ENOENT)
        return aak_error_set_errno (error, errno, "cannot replace %s", *name);
    }
  if (fsync (dir_fd) < 0 && errno != EINVAL)
    return aak_error_set_errno (error, errno, "cannot flush a directory");
  if (unlinkat (dir_fd, COMMIT, 0) < 0 && errno != ENOENT)
    return aak_error_set_errno (error, errno, "cannot remove %s", COMMIT);
  return TRUE;
}

/* All new files, and then the list of them. */
static gboolean
prepare (const AakFileSet *set, const char *dir, GBytes *list, GError **error)
{
  for (guint i = 0; i < set->names->len; i++)
    {
      g_autofree char *next = next_name (g_ptr_array_index (set->names, i));
      if (!write_file (dir, next, g_ptr_array_index (set->contents, i), error))
        return FALSE;
    }
  return write_file (dir, COMMIT, list, error);
}

gboolean
aak_file_set_write (const AakFileSet *set, const char *dir, GError **error)
{
  if (set->names->len == 0)
    return TRUE;
  if (set->names->len == 1)
    return write_file (dir, g_ptr_array_index (set->names, 0), g_ptr_array_index (set->contents, 0),
                       error);
  g_autoptr (GBytes) list = list_names (set);
  g_auto (AakFd) dir_fd = open_dir (dir, error);
  if (dir_fd < 0)
    return FALSE;
  if (prepare (set, dir, list, error))
    return commit (dir_fd, list, error);
  for (guint i = 0; i < set->names->len; i++)
    {
      g_autofree char *next = next_name (g_ptr_array_index (set->names, i));
      unlinkat (dir_fd, next, 0);
    }
  return FALSE;
}

/* A list that somebody else made must not lead out of the directory. */
static gboolean
check_list (const char *path, GBytes *list, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (list, &len);
  g_autofree char *copy = g_strndup (text, len);
  g_auto (GStrv) names = g_strsplit (copy, "\n", -1);
  for (char **name = names; *name != NULL; name++)
    if (**name == '.' || strchr (*name, '/') != NULL || strlen (copy) != len)
      {
        g_autofree char *shown = aak_escape (*name, strlen (*name));
        g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                     "%s: names '%s', which is no file of this directory: remove it", path, shown);
        return FALSE;
      }
  return TRUE;
}

gboolean
aak_file_set_recover (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, COMMIT, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) list = aak_fs_read (path, LIST_MAX, &local);
  if (list == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return TRUE;
  if (list == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!check_list (path, list, error))
    return FALSE;
  g_auto (AakFd) dir_fd = open_dir (dir, error);
  return dir_fd >= 0 && commit (dir_fd, list, error);
}
