/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Entries of seccomp profiles. */
#include "config.h"

#include "lib/store-seccomp.h"

#include "lib/escape.h"
#include "lib/seccomp/name.h"
#include "lib/sort.h"

static void
entry_free (AakStoreSeccomp *entry)
{
  g_free (entry->name);
  g_free (entry->dir);
  g_free (entry->sha256);
  g_free (entry);
}

GPtrArray *
aak_store_seccomp_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
}

static const char *
name_of (gconstpointer entry)
{
  return ((const AakStoreSeccomp *) entry)->name;
}

const AakStoreSeccomp *
aak_store_seccomp_find (const GPtrArray *entries, const char *name)
{
  guint at = 0;
  return aak_find_sorted (entries, name, name_of, &at) ? entries->pdata[at] : NULL;
}

void
aak_store_seccomp_drop (GPtrArray *entries, const char *name)
{
  guint at = 0;
  if (aak_find_sorted (entries, name, name_of, &at))
    g_ptr_array_remove_index (entries, at);
}

static AakStoreSeccomp *
entry_new (const char *name, const char *dir, const char *sha256)
{
  AakStoreSeccomp *entry = g_new0 (AakStoreSeccomp, 1);
  *entry = (AakStoreSeccomp){ g_strdup (name), g_strdup (dir), g_strdup (sha256) };
  return entry;
}

void
aak_store_seccomp_put (GPtrArray *entries, const char *name, const char *dir, const char *sha256)
{
  guint at = 0;
  AakStoreSeccomp *entry = entry_new (name, dir, sha256);
  if (aak_find_sorted (entries, name, name_of, &at))
    g_ptr_array_remove_index (entries, at);
  g_ptr_array_insert (entries, (gint) at, entry);
}

GPtrArray *
aak_store_seccomp_copy (const GPtrArray *entries)
{
  GPtrArray *copy = aak_store_seccomp_new ();
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      g_ptr_array_add (copy, entry_new (entry->name, entry->dir, entry->sha256));
    }
  return copy;
}

static gboolean
read_entry (AakYamlNode node, GPtrArray *entries, GError **error)
{
  const char *name = aak_yaml_get_text (node, "name", error);
  const char *dir = name != NULL ? aak_yaml_get_text (node, "dir", error) : NULL;
  const char *sha256 = dir != NULL ? aak_yaml_get_text (node, "sha256", error) : NULL;
  if (sha256 == NULL)
    return FALSE;
  /* They lead to a file that may be removed later. */
  g_autofree char *path = aak_unescape (dir, NULL);
  if (!aak_seccomp_is_name (name))
    return aak_yaml_error (node, error, "name: not that of a seccomp profile");
  if (path == NULL || *path != '/')
    return aak_yaml_error (node, error, "dir: not an absolute path");
  aak_store_seccomp_put (entries, name, path, sha256);
  return TRUE;
}

gboolean
aak_store_seccomp_read (AakYamlNode root, GPtrArray *entries, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (root, "seccomp", &list))
    return TRUE;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_entry (aak_yaml_item (list, i), entries, error))
      return FALSE;
  return TRUE;
}

void
aak_store_seccomp_write (AakYamlWriter *writer, const GPtrArray *entries)
{
  if (entries->len == 0)
    return;
  aak_yaml_key (writer, "seccomp");
  aak_yaml_begin_list (writer);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      aak_yaml_begin_map (writer);
      aak_yaml_pair_text (writer, "name", entry->name);
      aak_yaml_pair_escaped (writer, "dir", entry->dir);
      aak_yaml_pair_text (writer, "sha256", entry->sha256);
      aak_yaml_end_map (writer);
    }
  aak_yaml_end_list (writer);
}
