/* SPDX-License-Identifier: GPL-2.0-or-later
 * Profile texts in /etc/apparmor.d. */
#include "config.h"

#include "register/texts.h"

#include "lib/error.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TEXT_DIR "/etc/apparmor.d"
#define MAX_TEXT (64 * 1024 * 1024)

static char *
text_path (const char *root, const char *name)
{
  g_autofree char *dir = aak_fs_path (root, TEXT_DIR);
  return g_build_filename (dir, name, NULL);
}

/* TRUE where a registered profile has the text file @name. */
static gboolean
is_ours (AakStore *store, const char *name)
{
  GPtrArray *entries = aak_store_entries (store);
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (((const AakStoreEntry *) entries->pdata[i])->text_name, name) == 0)
      return TRUE;
  return FALSE;
}

GHashTable *
aak_texts_foreign (const char *root, GPtrArray *desired, AakStore *store)
{
  GHashTable *foreign = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < desired->len; i++)
    {
      const AakPolicy *policy = desired->pdata[i];
      g_autofree char *path = text_path (root, policy->text_name);
      if (is_ours (store, policy->text_name) || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_autoptr (GBytes) old = aak_fs_read (path, MAX_TEXT, NULL);
      if (old == NULL || !g_bytes_equal (old, policy->text))
        g_hash_table_add (foreign, policy->name);
    }
  return foreign;
}

gboolean
aak_texts_install (const char *root, const AakPolicy *policy, GError **error)
{
  g_autofree char *path = text_path (root, policy->text_name);
  g_autoptr (GBytes) old = aak_fs_read (path, MAX_TEXT, NULL);
  if (old != NULL && g_bytes_equal (old, policy->text))
    return TRUE;
  g_autofree char *dir = g_path_get_dirname (path);
  if (aak_fs_make_dir (dir, error)
      && aak_fs_write (path, g_bytes_get_data (policy->text, NULL), g_bytes_get_size (policy->text),
                       0644, error))
    return TRUE;
  g_prefix_error (error, "profile \"%s\" is loaded, but its text cannot be kept: ", policy->name);
  return FALSE;
}

gboolean
aak_texts_are_refused (const char *root)
{
  g_autofree char *dir = aak_fs_path (root, TEXT_DIR);
  return faccessat (AT_FDCWD, dir, W_OK, AT_EACCESS) != 0 && (errno == EACCES || errno == EROFS);
}

gboolean
aak_texts_remove (const char *root, const AakStoreEntry *entry, AakStore *store, gboolean *out_kept,
                  GError **error)
{
  *out_kept = FALSE;
  GPtrArray *entries = aak_store_entries (store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreEntry *other = entries->pdata[i];
      if (strcmp (other->name, entry->name) != 0
          && strcmp (other->text_name, entry->text_name) == 0)
        return TRUE;
    }
  if (*entry->text_name == '\0')
    return TRUE;
  g_autofree char *path = text_path (root, entry->text_name);
  g_autoptr (GBytes) text = aak_fs_read (path, MAX_TEXT, NULL);
  if (text == NULL)
    return TRUE;
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  if (strcmp (sha256, entry->text_sha256) != 0)
    {
      *out_kept = TRUE;
      return TRUE;
    }
  return unlink (path) == 0 || errno == ENOENT
         || aak_error_set_errno (error, errno, "cannot remove %s", path);
}
