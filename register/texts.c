/* SPDX-License-Identifier: GPL-2.0-or-later
 * Profile texts in /etc/apparmor.d: put there, removed, and put back. */
#include "config.h"

#include "register/texts.h"

#include "lib/error.h"
#include "lib/fs.h"
#include "lib/fs-batch.h"
#include "lib/sha256.h"
#include "register/file-changes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TEXT_DIR  "/etc/apparmor.d"
#define TEXT_MODE 0644
#define MAX_TEXT  (64 * 1024 * 1024)

char *
aak_texts_path (const char *root, const char *name)
{
  g_autofree char *dir = aak_fs_path (root, TEXT_DIR);
  return g_build_filename (dir, name, NULL);
}

GHashTable *
aak_texts_names (AakStore *store)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *entries = aak_store_entries (store);
  for (guint i = 0; i < entries->len; i++)
    g_hash_table_add (names, ((AakStoreEntry *) entries->pdata[i])->text_name);
  return names;
}

/* A file that cannot be read is not known to hold the text. */
static AakTextState
look (const char *root, const AakPolicy *policy, gboolean ours)
{
  if (ours && policy->text == NULL)
    return AAK_TEXT_SAME;
  g_autofree char *path = aak_texts_path (root, policy->text_name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) old = aak_fs_read (path, MAX_TEXT, &error);
  if (old == NULL && g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return policy->text != NULL ? AAK_TEXT_MISSING : AAK_TEXT_SAME;
  if (old != NULL && policy->text != NULL && g_bytes_equal (old, policy->text))
    return AAK_TEXT_SAME;
  return ours ? AAK_TEXT_DIFFERS : AAK_TEXT_FOREIGN;
}

GHashTable *
aak_texts_look (const char *root, GPtrArray *desired, AakStore *store)
{
  GHashTable *states = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) ours = aak_texts_names (store);
  for (guint i = 0; i < desired->len; i++)
    {
      AakPolicy *policy = desired->pdata[i];
      AakTextState state = look (root, policy, g_hash_table_contains (ours, policy->text_name));
      g_hash_table_insert (states, policy->name, GINT_TO_POINTER (state));
    }
  return states;
}

/* --- changes --------------------------------------------------------------------------------- */

struct AakTexts
{
  char *root;
  AakFileChanges *changes;
  AakFsBatch *batch; /* of the new texts; NULL: none, so far */
  GHashTable *ready; /* the names of those in it */
};

AakTexts *
aak_texts_new (const char *root)
{
  AakTexts *texts = g_new0 (AakTexts, 1);
  texts->root = g_strdup (root);
  texts->changes = aak_file_changes_new ();
  texts->ready = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return texts;
}

void
aak_texts_free (AakTexts *texts)
{
  g_free (texts->root);
  aak_file_changes_free (texts->changes);
  g_clear_pointer (&texts->batch, aak_fs_batch_free);
  g_hash_table_unref (texts->ready);
  g_free (texts);
}

void
aak_texts_sweep (const AakTexts *texts, GHashTable *names)
{
  g_autofree char *dir = aak_fs_path (texts->root, TEXT_DIR);
  aak_fs_sweep (dir, names);
}

/* Reads the file at @path into *@out; NULL without an error where there is none. */
static gboolean
read_old (const char *path, GBytes **out, GError **error)
{
  g_autoptr (GError) local = NULL;
  *out = aak_fs_read (path, MAX_TEXT, &local);
  if (*out != NULL || g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
aak_texts_are_refused (const char *root)
{
  g_autofree char *dir = aak_fs_path (root, TEXT_DIR);
  return faccessat (AT_FDCWD, dir, W_OK, AT_EACCESS) != 0 && (errno == EACCES || errno == EROFS);
}

static gboolean
is_as_installed (GBytes *text, const AakStoreEntry *entry)
{
  g_autofree char *sha256 = text != NULL ? aak_sha256_of (text) : NULL;
  return g_strcmp0 (sha256, entry->text_sha256) == 0;
}

/* Begins the batch of new texts, in a directory that is made where it is missing. */
static gboolean
begin_batch (AakTexts *texts, GError **error)
{
  g_autofree char *dir = aak_fs_path (texts->root, TEXT_DIR);
  if (texts->batch != NULL)
    return TRUE;
  if (!aak_file_changes_make_dir (texts->changes, dir, error))
    return FALSE;
  texts->batch = aak_fs_batch_new (dir, error);
  return texts->batch != NULL;
}

gboolean
aak_texts_install (AakTexts *texts, const AakPolicy *policy, const AakStoreEntry *entry,
                   gboolean *out_changed, GError **error)
{
  *out_changed = FALSE;
  if (policy->text == NULL || g_hash_table_contains (texts->ready, policy->text_name))
    return TRUE;
  g_autofree char *path = aak_texts_path (texts->root, policy->text_name);
  g_autoptr (GBytes) old = NULL;
  if (!read_old (path, &old, error))
    return FALSE;
  if (old != NULL && g_bytes_equal (old, policy->text))
    return TRUE;
  *out_changed = entry != NULL && strcmp (entry->text_name, policy->text_name) == 0
                 && !is_as_installed (old, entry);
  aak_file_changes_note (texts->changes, path, old);
  g_hash_table_add (texts->ready, g_strdup (policy->text_name));
  if (begin_batch (texts, error)
      && aak_fs_batch_add (texts->batch, policy->text_name, policy->text, TEXT_MODE, error))
    return TRUE;
  g_prefix_error (error, "cannot keep the text of profile \"%s\": ", policy->name);
  return FALSE;
}

gboolean
aak_texts_finish (AakTexts *texts, GError **error)
{
  if (texts->batch == NULL || aak_fs_batch_finish (texts->batch, error))
    return TRUE;
  g_prefix_error (error, "cannot keep the texts of profiles: ");
  return FALSE;
}

gboolean
aak_texts_remove (AakTexts *texts, const AakStoreEntry *entry, gboolean *out_kept, GError **error)
{
  *out_kept = FALSE;
  if (*entry->text_name == '\0')
    return TRUE;
  g_autofree char *path = aak_texts_path (texts->root, entry->text_name);
  g_autoptr (GBytes) old = NULL;
  if (!read_old (path, &old, error))
    return FALSE;
  if (old == NULL)
    return TRUE;
  *out_kept = !is_as_installed (old, entry);
  if (*out_kept)
    return TRUE;
  return aak_file_changes_remove (texts->changes, path, old, error);
}

gboolean
aak_texts_undo (AakTexts *texts, GError **error)
{
  g_clear_pointer (&texts->batch, aak_fs_batch_free);
  g_hash_table_remove_all (texts->ready);
  return aak_file_changes_undo (texts->changes, error);
}
