/* SPDX-License-Identifier: GPL-2.0-or-later
 * Counting what is read of public data. */
#include "config.h"

#include "learn/public-tree.h"

#include "learn/pattern-table.h"
#include "learn/sensitive.h"
#include "lib/tally.h"

#include <string.h>

struct AakPublicTrees
{
  const AakVolumes *volumes;
  GHashTable *names;  /* set of what was counted: paths, or the beginnings of them that count */
  GHashTable *counts; /* directory -> how many */
};

AakPublicTrees *
aak_public_trees_new (const AakVolumes *volumes)
{
  AakPublicTrees *trees = g_new (AakPublicTrees, 1);
  trees->volumes = volumes;
  trees->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  trees->counts = aak_tally_new ();
  return trees;
}

void
aak_public_trees_free (AakPublicTrees *trees)
{
  g_hash_table_unref (trees->names);
  g_hash_table_unref (trees->counts);
  g_free (trees);
}

/* The directory of @entry that the file @path lies below, or NULL. */
static const char *
directory_of (const AakPublicData *entry, const char *path)
{
  for (char **dir = entry->below; *dir != NULL; dir++)
    if (g_str_has_prefix (path, *dir))
      return *dir;
  return NULL;
}

/* The entry that the file @path is an example of, and *@out_dir, its directory there; NULL where
 * there is none. */
static const AakPublicData *
entry_of (const AakPublicTrees *trees, const char *path, guint perms, const char **out_dir)
{
  const GPtrArray *entries = aak_pattern_table ()->public;
  for (guint i = 0; i < entries->len; i++)
    {
      const AakPublicData *entry = entries->pdata[i];
      const char *dir = directory_of (entry, path);
      if (dir == NULL || (entry->perms & ~perms) != 0)
        continue;
      gboolean plain = !g_str_has_suffix (path, "/") && strstr (path, "//") == NULL;
      *out_dir = dir;
      return plain && !aak_sensitive_is_secret (path) && !aak_volumes_touch (trees->volumes, dir)
                 ? entry
                 : NULL;
    }
  return NULL;
}

void
aak_public_trees_count (AakPublicTrees *trees, const char *path, guint perms)
{
  const char *dir = NULL;
  const AakPublicData *entry = entry_of (trees, path, perms, &dir);
  if (entry == NULL)
    return;
  gsize len = entry->names ? strlen (dir) + strcspn (path + strlen (dir), "/") : strlen (path);
  if (g_hash_table_add (trees->names, g_strndup (path, len)))
    aak_tally_add (trees->counts, g_strdup (dir), 1);
}

char *
aak_public_trees_candidate (const AakPublicTrees *trees, const char *path, guint perms)
{
  const char *dir = NULL;
  return entry_of (trees, path, perms, &dir) != NULL ? g_strconcat (dir, "**", NULL) : NULL;
}

char *
aak_public_trees_find (const AakPublicTrees *trees, const char *path, guint perms,
                       const AakPublicData **out_entry)
{
  const char *dir = NULL;
  const AakPublicData *entry = entry_of (trees, path, perms, &dir);
  if (entry == NULL || aak_tally_get (trees->counts, dir) < AAK_PUBLIC_MIN_FILES)
    return NULL;
  *out_entry = entry;
  return g_strconcat (dir, "**", NULL);
}
