/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading, changing and writing registered.yaml. */
#include "config.h"

#include "lib/store.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/sort.h"
#include "lib/yaml.h"

#include <string.h>

#define MAX_STORE             (16 * 1024 * 1024)
#define LEARNING_LOCK_SECONDS 10

struct AakStore
{
  char *path;
  GBytes *text;        /* what was read; NULL: there was no file */
  GPtrArray *entries;  /* of AakStoreEntry, sorted */
  GPtrArray *learning; /* of char *, sorted */
  gboolean touched;    /* it may be something else than @text says */
  GPtrArray *seccomp;  /* of AakStoreSeccomp, sorted */
};

static void
part_free (AakStorePart *part)
{
  g_free (part->name);
  g_free (part->sha1);
  g_free (part->sha256);
  g_free (part);
}

static void
entry_clear (AakStoreEntry *entry)
{
  g_free (entry->name);
  g_free (entry->text_name);
  g_free (entry->text_sha256);
  g_ptr_array_unref (entry->parts);
}

/* Copies of a store share its entries, which never change. */
static void
entry_free (AakStoreEntry *entry)
{
  g_rc_box_release_full (entry, (GDestroyNotify) entry_clear);
}

static AakStoreEntry *
entry_new (void)
{
  AakStoreEntry *entry = g_rc_box_new0 (AakStoreEntry);
  entry->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  return entry;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakStoreEntry, entry_free)

void
aak_store_free (AakStore *store)
{
  g_free (store->path);
  g_clear_pointer (&store->text, g_bytes_unref);
  g_ptr_array_unref (store->entries);
  g_ptr_array_unref (store->learning);
  g_ptr_array_unref (store->seccomp);
  g_free (store);
}

AakStore *
aak_store_new (const char *root)
{
  AakStore *store = g_new0 (AakStore, 1);
  store->path = aak_fs_path (root, AAK_STORE_PATH);
  store->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  store->learning = g_ptr_array_new_with_free_func (g_free);
  store->touched = TRUE;
  store->seccomp = aak_store_seccomp_new ();
  return store;
}

/* --- reading --------------------------------------------------------------------------------- */

/* The text under @key with its escapes undone. */
static char *
get_name (AakYamlNode node, const char *key, GError **error)
{
  const char *text = aak_yaml_get_text (node, key, error);
  char *name = text != NULL ? aak_unescape (text, NULL) : NULL;
  if (text != NULL && name == NULL)
    aak_yaml_error (node, error, "%s: a damaged escape", key);
  return name;
}

static gboolean
read_part (AakYamlNode node, AakStoreEntry *entry, GError **error)
{
  g_autofree char *name = get_name (node, "name", error);
  const char *sha1 = name != NULL ? aak_yaml_get_text (node, "sha1", error) : NULL;
  const char *sha256 = sha1 != NULL ? aak_yaml_get_text (node, "sha256", error) : NULL;
  if (sha256 == NULL)
    return FALSE;
  AakStorePart *part = g_new0 (AakStorePart, 1);
  part->name = g_steal_pointer (&name);
  part->sha1 = g_strdup (sha1);
  part->sha256 = g_strdup (sha256);
  g_ptr_array_add (entry->parts, part);
  return TRUE;
}

static gboolean
read_parts (AakYamlNode node, AakStoreEntry *entry, GError **error)
{
  AakYamlNode parts;
  guint length = 0;
  if (!aak_yaml_get (node, "parts", &parts, error) || !aak_yaml_length (parts, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_part (aak_yaml_item (parts, i), entry, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_entry (AakYamlNode node, AakStore *store, GError **error)
{
  g_autoptr (AakStoreEntry) entry = entry_new ();
  entry->name = get_name (node, "name", error);
  const char *mode = entry->name != NULL ? aak_yaml_get_text (node, "mode", error) : NULL;
  const char *text_name = mode != NULL ? aak_yaml_get_text (node, "text", error) : NULL;
  const char *text_sha256 =
      text_name != NULL ? aak_yaml_get_text (node, "text-sha256", error) : NULL;
  if (text_sha256 == NULL)
    return FALSE;
  if (!aak_mode_parse (mode, &entry->mode))
    return aak_yaml_error (node, error, "an unknown mode");
  /* The name leads to a file that may be removed later: it must be one that was made by rule. */
  g_autofree char *rule =
      *text_name != '\0' ? aak_policy_file_name (text_name, NULL) : g_strdup ("");
  if (g_strcmp0 (rule, text_name) != 0)
    return aak_yaml_error (node, error, "text: not a plain file name");
  entry->text_name = g_strdup (text_name);
  entry->text_sha256 = g_strdup (text_sha256);
  AakYamlNode serial;
  if (aak_yaml_find (node, "serial", &serial)
      && !aak_yaml_get_uint (node, "serial", &entry->serial, error))
    return FALSE;
  if (!read_parts (node, entry, error))
    return FALSE;
  g_ptr_array_add (store->entries, g_steal_pointer (&entry));
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const AakStoreEntry *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

static gboolean
read_document (AakYaml *yaml, AakStore *store, GError **error)
{
  AakYamlNode root = aak_yaml_root (yaml), profiles, learning;
  guint length = 0;
  if (!aak_yaml_check_schema (yaml, "registered", 1, error)
      || !aak_yaml_get (root, "profiles", &profiles, error)
      || !aak_yaml_length (profiles, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_entry (aak_yaml_item (profiles, i), store, error))
      return FALSE;
  if (!aak_yaml_get (root, "learning", &learning, error)
      || !aak_yaml_length (learning, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      const char *text = aak_yaml_text (aak_yaml_item (learning, i), error);
      char *name = text != NULL ? aak_unescape (text, NULL) : NULL;
      if (name == NULL)
        return text == NULL || aak_yaml_error (learning, error, "a damaged escape");
      g_ptr_array_add (store->learning, name);
    }
  g_ptr_array_sort (store->entries, compare_entries);
  g_ptr_array_sort (store->learning, aak_compare_texts);
  return aak_store_seccomp_read (root, store->seccomp, error);
}

AakStore *
aak_store_read (const char *root, GError **error)
{
  g_autoptr (AakStore) store = aak_store_new (root);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) text = aak_fs_read (store->path, MAX_STORE, &local);
  if (text == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return g_steal_pointer (&store);
  if (text == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  g_autoptr (AakYaml) yaml = aak_yaml_parse (store->path, text, error);
  if (yaml == NULL || !read_document (yaml, store, error))
    return NULL;
  store->text = g_steal_pointer (&text);
  store->touched = FALSE;
  return g_steal_pointer (&store);
}

AakStore *
aak_store_copy (const AakStore *store)
{
  AakStore *copy = g_new0 (AakStore, 1);
  copy->path = g_strdup (store->path);
  copy->text = store->text != NULL ? g_bytes_ref (store->text) : NULL;
  copy->touched = store->touched;
  copy->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  copy->learning = g_ptr_array_new_with_free_func (g_free);
  copy->seccomp = aak_store_seccomp_copy (store->seccomp);
  for (guint i = 0; i < store->entries->len; i++)
    g_ptr_array_add (copy->entries, g_rc_box_acquire (store->entries->pdata[i]));
  for (guint i = 0; i < store->learning->len; i++)
    g_ptr_array_add (copy->learning, g_strdup (store->learning->pdata[i]));
  return copy;
}

/* --- asking and changing --------------------------------------------------------------------- */

GPtrArray *
aak_store_entries (AakStore *store)
{
  return store->entries;
}

GPtrArray *
aak_store_seccomp (const AakStore *store)
{
  return store->seccomp;
}

const AakStoreSeccomp *
aak_store_find_seccomp (const AakStore *store, const char *name)
{
  return aak_store_seccomp_find (store->seccomp, name);
}

void
aak_store_put_seccomp (AakStore *store, const AakSeccompFile *file, const char *dir)
{
  aak_store_seccomp_put (store->seccomp, file->name, dir, file->sha256);
  store->touched = TRUE;
}

void
aak_store_drop_seccomp (AakStore *store, const char *name)
{
  aak_store_seccomp_drop (store->seccomp, name);
  store->touched = TRUE;
}

static const char *
name_of (gconstpointer entry)
{
  return ((const AakStoreEntry *) entry)->name;
}

/* Where the entry for @name is (TRUE), or belongs. */
static gboolean
find_index (const AakStore *store, const char *name, guint *out)
{
  return aak_find_sorted (store->entries, name, name_of, out);
}

const AakStoreEntry *
aak_store_find (const AakStore *store, const char *name)
{
  guint i = 0;
  return find_index (store, name, &i) ? store->entries->pdata[i] : NULL;
}

gboolean
aak_store_owns (const AakStore *store, const char *name)
{
  return aak_store_find (store, name) != NULL
         || g_ptr_array_find_with_equal_func (store->learning, name, g_str_equal, NULL);
}

void
aak_store_drop (AakStore *store, const char *name)
{
  guint i = 0;
  store->touched = TRUE;
  if (find_index (store, name, &i))
    g_ptr_array_remove_index (store->entries, i);
  if (g_ptr_array_find_with_equal_func (store->learning, name, g_str_equal, &i))
    g_ptr_array_remove_index (store->learning, i);
}

static char *
bare_hash (const AakPolicy *policy, const AakBlobProfile *part, const char *algorithm)
{
  g_autofree char *hash = aak_policy_blob_hash (policy->blob, part, algorithm);
  return g_strdup (strchr (hash, ':') + 1);
}

static char *
text_digest (const AakPolicy *policy)
{
  if (policy->text == NULL)
    return g_strdup ("");
  return policy->source != NULL ? g_strdup (policy->source) : aak_sha256_of (policy->text);
}

/* TRUE where @entry says all of @policy. One hash of a part tells its content: the one that was
 * computed already, as a plan does. */
static gboolean
is_noted (const AakStoreEntry *entry, const AakPolicy *policy, const char *text_name,
          const char *text_sha256)
{
  if (entry == NULL || entry->mode != policy->mode || entry->parts->len != policy->parts->len
      || (policy->verified && entry->serial != policy->serial)
      || strcmp (entry->text_name, text_name) != 0 || strcmp (entry->text_sha256, text_sha256) != 0)
    return FALSE;
  for (guint i = 0; i < entry->parts->len; i++)
    {
      const AakStorePart *noted = entry->parts->pdata[i];
      const AakBlobProfile *part = policy->parts->pdata[i];
      gboolean by_sha1 = aak_policy_blob_knows_hash (part, "sha1");
      g_autofree char *hash = bare_hash (policy, part, by_sha1 ? "sha1" : "sha256");
      if (strcmp (noted->name, part->name) != 0
          || strcmp (by_sha1 ? noted->sha1 : noted->sha256, hash) != 0)
        return FALSE;
    }
  return TRUE;
}

void
aak_store_put (AakStore *store, const AakPolicy *policy)
{
  const char *text_name = policy->text != NULL ? policy->text_name : "";
  g_autofree char *sha256 = text_digest (policy);
  guint mark = 0;
  if (!g_ptr_array_find_with_equal_func (store->learning, policy->name, g_str_equal, &mark)
      && is_noted (aak_store_find (store, policy->name), policy, text_name, sha256))
    return;
  const AakStoreEntry *old = aak_store_find (store, policy->name);
  AakStoreEntry *entry = entry_new ();
  if (policy->verified)
    entry->serial = policy->serial;
  else if (old != NULL)
    entry->serial = old->serial;
  entry->name = g_strdup (policy->name);
  entry->mode = policy->mode;
  entry->text_name = g_strdup (text_name);
  entry->text_sha256 = g_steal_pointer (&sha256);
  for (guint i = 0; i < policy->parts->len; i++)
    {
      const AakBlobProfile *part = policy->parts->pdata[i];
      AakStorePart *noted = g_new0 (AakStorePart, 1);
      noted->name = g_strdup (part->name);
      noted->sha1 = bare_hash (policy, part, "sha1");
      noted->sha256 = bare_hash (policy, part, "sha256");
      g_ptr_array_add (entry->parts, noted);
    }
  aak_store_drop (store, policy->name);
  guint place = 0;
  find_index (store, policy->name, &place);
  g_ptr_array_insert (store->entries, (gint) place, entry);
}

/* --- writing --------------------------------------------------------------------------------- */

static void
put_name (AakYamlWriter *writer, const char *key, const char *name)
{
  g_autofree char *text = aak_escape (name, strlen (name));
  if (key != NULL)
    aak_yaml_key (writer, key);
  aak_yaml_put_text (writer, text);
}

static void
write_entry (AakYamlWriter *writer, const AakStoreEntry *entry)
{
  aak_yaml_begin_map (writer);
  put_name (writer, "name", entry->name);
  aak_yaml_pair_text (writer, "mode", aak_mode_name (entry->mode));
  aak_yaml_pair_text (writer, "text", entry->text_name);
  aak_yaml_pair_text (writer, "text-sha256", entry->text_sha256);
  if (entry->serial > 0)
    aak_yaml_pair_uint (writer, "serial", entry->serial);
  aak_yaml_key (writer, "parts");
  aak_yaml_begin_list (writer);
  for (guint i = 0; i < entry->parts->len; i++)
    {
      const AakStorePart *part = entry->parts->pdata[i];
      aak_yaml_begin_map (writer);
      put_name (writer, "name", part->name);
      aak_yaml_pair_text (writer, "sha1", part->sha1);
      aak_yaml_pair_text (writer, "sha256", part->sha256);
      aak_yaml_end_map (writer);
    }
  aak_yaml_end_list (writer);
  aak_yaml_end_map (writer);
}

static GBytes *
serialise (const AakStore *store)
{
  g_autoptr (AakYamlWriter) writer = aak_yaml_writer_new ();
  aak_yaml_begin_map (writer);
  aak_yaml_pair_text (writer, "schema", "aakit/registered/1");
  aak_yaml_key (writer, "profiles");
  aak_yaml_begin_list (writer);
  for (guint i = 0; i < store->entries->len; i++)
    write_entry (writer, store->entries->pdata[i]);
  aak_yaml_end_list (writer);
  aak_yaml_key (writer, "learning");
  aak_yaml_begin_list (writer);
  for (guint i = 0; i < store->learning->len; i++)
    put_name (writer, NULL, store->learning->pdata[i]);
  aak_yaml_end_list (writer);
  aak_store_seccomp_write (writer, store->seccomp);
  aak_yaml_end_map (writer);
  return aak_yaml_writer_end (writer);
}

/* Writes @text to the store's file; leaves it untouched where it is equal. */
static gboolean
put_text (AakStore *store, GBytes *text, GError **error)
{
  g_autoptr (GBytes) old = aak_fs_read (store->path, MAX_STORE, NULL);
  if (old != NULL && g_bytes_equal (old, text))
    return TRUE;
  g_autofree char *dir = g_path_get_dirname (store->path);
  return aak_fs_make_dir (dir, error)
         && aak_fs_write (store->path, g_bytes_get_data (text, NULL), g_bytes_get_size (text), 0644,
                          error);
}

gboolean
aak_store_write (AakStore *store, GError **error)
{
  if (!store->touched)
    return TRUE;
  g_autoptr (GBytes) text = serialise (store);
  return put_text (store, text, error);
}

gboolean
aak_store_restore (AakStore *store, GError **error)
{
  if (store->text != NULL)
    return put_text (store, store->text, error);
  return aak_fs_remove (store->path, error);
}

void
aak_store_sweep (const AakStore *store)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *dir = g_path_get_dirname (store->path);
  g_hash_table_add (names, g_path_get_basename (store->path));
  aak_fs_sweep (dir, names);
}

gboolean
aak_store_add_learning (const char *root, const char *name, GError **error)
{
  g_auto (AakFd) lock = aak_store_lock (root, LEARNING_LOCK_SECONDS, error);
  g_autoptr (AakStore) store = lock >= 0 ? aak_store_read (root, error) : NULL;
  if (store == NULL)
    return FALSE;
  aak_store_drop (store, name);
  g_ptr_array_add (store->learning, g_strdup (name));
  g_ptr_array_sort (store->learning, aak_compare_texts);
  return aak_store_write (store, error);
}
