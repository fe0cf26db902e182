/* SPDX-License-Identifier: GPL-2.0-or-later
 * A journal of changes in memory. */
#include "config.h"

#include "register/file-changes.h"

#include "lib/error.h"
#include "lib/fs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0644

/* What was at a path before it was changed. */
typedef struct
{
  char *path;
  GBytes *old; /* NULL: there was no file */
  guint mode;
} Change;

struct AakFileChanges
{
  GPtrArray *changes; /* of Change */
  GPtrArray *made;    /* of char *: directories that were not there, inner ones last */
};

static void
change_free (Change *change)
{
  g_free (change->path);
  g_clear_pointer (&change->old, g_bytes_unref);
  g_free (change);
}

AakFileChanges *
aak_file_changes_new (void)
{
  AakFileChanges *changes = g_new0 (AakFileChanges, 1);
  changes->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  changes->made = g_ptr_array_new_with_free_func (g_free);
  return changes;
}

void
aak_file_changes_free (AakFileChanges *changes)
{
  g_ptr_array_unref (changes->changes);
  g_ptr_array_unref (changes->made);
  g_free (changes);
}

void
aak_file_changes_note (AakFileChanges *changes, const char *path, GBytes *old)
{
  struct stat st;
  Change *change = g_new0 (Change, 1);
  change->path = g_strdup (path);
  change->old = old != NULL ? g_bytes_ref (old) : NULL;
  change->mode = stat (path, &st) == 0 ? st.st_mode & 07777 : FILE_MODE;
  g_ptr_array_add (changes->changes, change);
}

gboolean
aak_file_changes_make_dir (AakFileChanges *changes, const char *dir, GError **error)
{
  guint known = changes->made->len;
  g_autofree char *above = g_strdup (dir);
  while (!g_file_test (above, G_FILE_TEST_EXISTS) && strcmp (above, "/") != 0
         && strcmp (above, ".") != 0)
    {
      char *next = g_path_get_dirname (above);
      g_ptr_array_insert (changes->made, (gint) known, above);
      above = next;
    }
  return aak_fs_make_dir (dir, error);
}

static gboolean
write_bytes (const char *path, GBytes *bytes, guint mode, GError **error)
{
  gsize len = 0;
  const void *data = g_bytes_get_data (bytes, &len);
  return aak_fs_write (path, data, len, mode, error);
}

gboolean
aak_file_changes_write (AakFileChanges *changes, const char *path, GBytes *old, GBytes *content,
                        GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  aak_file_changes_note (changes, path, old);
  return aak_file_changes_make_dir (changes, dir, error)
         && write_bytes (path, content, FILE_MODE, error);
}

gboolean
aak_file_changes_remove (AakFileChanges *changes, const char *path, GBytes *old, GError **error)
{
  aak_file_changes_note (changes, path, old);
  return aak_fs_remove (path, error);
}

static gboolean
undo (const Change *change, GError **error)
{
  if (change->old == NULL)
    return aak_fs_remove (change->path, error);
  g_autoptr (GBytes) now = aak_fs_read (change->path, g_bytes_get_size (change->old), NULL);
  return (now != NULL && g_bytes_equal (now, change->old))
         || write_bytes (change->path, change->old, change->mode, error);
}

gboolean
aak_file_changes_undo (AakFileChanges *changes, GError **error)
{
  gboolean ok = TRUE;
  for (guint i = changes->changes->len; i > 0; i--)
    ok = undo (changes->changes->pdata[i - 1], ok ? error : NULL) && ok;
  g_ptr_array_set_size (changes->changes, 0);
  for (guint i = changes->made->len; ok && i > 0; i--)
    {
      const char *dir = changes->made->pdata[i - 1];
      if (rmdir (dir) < 0 && errno != ENOENT && errno != ENOTEMPTY)
        ok = aak_error_set_errno (error, errno, "cannot remove %s", dir);
    }
  return ok;
}
