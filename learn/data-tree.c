/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding the directories of an application's data. */
#include "config.h"

#include "learn/data-tree.h"

#include "learn/pattern-table.h"
#include "lib/tally.h"

#include <string.h>

struct AakDataTrees
{
  const AakVolumes *volumes;
  GHashTable *names;  /* set of patterns of trees, each with a name that was counted */
  GHashTable *counts; /* pattern of a tree -> how many names */
};

AakDataTrees *
aak_data_trees_new (const AakVolumes *volumes)
{
  AakDataTrees *trees = g_new (AakDataTrees, 1);
  trees->volumes = volumes;
  trees->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  trees->counts = aak_tally_new ();
  return trees;
}

void
aak_data_trees_free (AakDataTrees *trees)
{
  g_hash_table_unref (trees->names);
  g_hash_table_unref (trees->counts);
  g_free (trees);
}

/* --- where data may lie ---------------------------------------------------------------------- */

/* @dir is a path and ends with its slash. In a volume of the application's own data may lie
 * anywhere. */
static gboolean
may_hold_data (const AakDataTrees *trees, const char *dir)
{
  const char *const *shared = (const char *const *) aak_pattern_table ()->shared;
  g_autofree char *inside = g_strconcat (dir, "x", NULL);
  return aak_volumes_hold (trees->volumes, inside, AAK_VOLUMES_OWN)
         || (!aak_pattern_table_is_system (dir) && !g_strv_contains (shared, dir));
}

/* The length of the directory of @path, with its slash; a directory does not lie in itself. */
static gsize
directory_length (const char *path)
{
  gsize len = strlen (path);
  if (len > 1 && path[len - 1] == '/')
    len--;
  while (len > 0 && path[len - 1] != '/')
    len--;
  return len;
}

static gboolean
is_directory (const char *path)
{
  return g_str_has_suffix (path, "/");
}

/* The extension with its dot where it is all small letters, so that neither a counter nor a random
 * suffix hides in it; else nothing. */
static const char *
kind_of (const char *path)
{
  const char *name = path + directory_length (path), *dot = strrchr (name, '.');
  if (dot == NULL || dot == name || dot[1] == '\0')
    return "";
  for (const char *p = dot + 1; *p != '\0'; p++)
    if (!g_ascii_islower (*p))
      return "";
  return dot;
}

/* --- trees ----------------------------------------------------------------------------------- */

/* The pattern of a tree that begins with the first @len bytes of @pattern: of all that is below, or
 * of the names with the extension @kind in it. */
static char *
tree_pattern (const char *pattern, gsize len, const char *kind)
{
  g_autofree char *dir = g_strndup (pattern, len);
  return g_strconcat (dir, kind == NULL ? "**" : "*", kind, NULL);
}

static gboolean
is_plain (const char *path)
{
  return *path == '/' && strstr (path, "//") == NULL;
}

void
aak_data_trees_count (AakDataTrees *trees, const char *path, const char *pattern,
                      const char *widest)
{
  g_autofree char *dir = g_strndup (path, directory_length (path));
  if (!is_plain (path) || *dir == '\0' || !may_hold_data (trees, dir))
    return;
  g_autofree char *tree = tree_pattern (pattern, directory_length (pattern),
                                        is_directory (path) ? NULL : kind_of (path));
  gboolean each = !is_directory (path) && aak_volumes_hold (trees->volumes, path, AAK_VOLUMES_OWN);
  const char *name = each ? path : widest + directory_length (widest);
  if (g_hash_table_add (trees->names, g_strconcat (tree, "\n", name, NULL)))
    aak_tally_add (trees->counts, g_steal_pointer (&tree), 1);
}

/* Adds @tree, which it takes, where enough names were counted for it. */
static void
add_tree (const AakDataTrees *trees, char *tree, guint enough, GPtrArray *found)
{
  if (aak_tally_get (trees->counts, tree) >= enough)
    g_ptr_array_add (found, tree);
  else
    g_free (tree);
}

GPtrArray *
aak_data_trees_find (const AakDataTrees *trees, const char *path, const char *pattern, gboolean all)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  gsize last = directory_length (path);
  const char *in_pattern = pattern;
  if (!is_plain (path) || last == 0 || (!all && g_hash_table_size (trees->counts) == 0))
    return found;
  /* Path and pattern have their slashes in the same places. */
  for (const char *slash = strchr (path + 1, '/'); slash != NULL && slash < path + last;
       slash = strchr (slash + 1, '/'))
    {
      in_pattern = strchr (in_pattern + 1, '/');
      gsize len = (gsize) (in_pattern - pattern) + 1;
      g_autofree char *dir = g_strndup (path, (gsize) (slash - path) + 1);
      if (!may_hold_data (trees, dir))
        continue;
      add_tree (trees, tree_pattern (pattern, len, NULL), all ? 0 : AAK_DATA_MIN_DIRECTORIES,
                found);
      if (len == directory_length (pattern) && !is_directory (path))
        add_tree (trees, tree_pattern (pattern, len, kind_of (path)), all ? 0 : AAK_DATA_MIN_FILES,
                  found);
    }
  return found;
}
