/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding content trees. */
#include "config.h"

#include "learn/content-tree.h"

#include "learn/path-pattern.h"
#include "learn/pattern-table.h"
#include "learn/sensitive.h"

#include <string.h>

#define MAX_EXTENSION 8 /* with its dot */

struct AakContentTree
{
  char *dir; /* with its trailing slash */
};

static gboolean
begins_with_one (const char *dir, char *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    if (g_str_has_prefix (dir, *prefixes))
      return TRUE;
  return FALSE;
}

/* TRUE where a directory on the way to @dir is one of code. */
static gboolean
is_code (const char *dir, const AakContentRules *rules)
{
  g_auto (GStrv) names = g_strsplit (dir, "/", -1);
  for (char **name = names; *name != NULL; name++)
    if (g_strv_contains ((const char *const *) rules->code, *name))
      return TRUE;
  return FALSE;
}

/* @dir ends with its slash. */
static gboolean
may_hold_content (const char *dir)
{
  const AakContentRules *rules = &aak_pattern_table ()->content;
  guint depth = 0;
  for (const char *p = dir; *p != '\0'; p++)
    depth += *p == '/';
  gboolean system = depth < 3 || begins_with_one (dir, rules->system);
  return (!system || begins_with_one (dir, rules->except)) && !is_code (dir, rules);
}

/* The extension with its dot, or NULL: short, plain, with a letter, and not the whole name. */
static const char *
extension_of (const char *path)
{
  const char *base = strrchr (path, '/') + 1;
  const char *dot = strrchr (base, '.');
  gboolean letter = FALSE;
  if (dot == NULL || dot == base || dot[1] == '\0' || strlen (dot) > MAX_EXTENSION)
    return NULL;
  for (const char *p = dot + 1; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p))
        return NULL;
      letter |= g_ascii_isalpha (*p);
    }
  char *const *kinds = aak_pattern_table ()->content.kinds;
  return letter && !g_strv_contains ((const char *const *) kinds, dot + 1) ? dot : NULL;
}

static gboolean
is_read_only_file (const AakObservation *observation)
{
  return observation->class == AAK_CLASS_FILE && *observation->name == '/'
         && observation->perms != 0
         && (observation->perms & ~(guint) (AAK_PERM_R | AAK_PERM_K)) == 0
         && !aak_sensitive_is_secret (observation->name)
         && extension_of (observation->name) != NULL;
}

static char *
directory_of (const char *path)
{
  return g_strndup (path, (gsize) (strrchr (path, '/') - path) + 1);
}

static void
tree_free (gpointer data)
{
  AakContentTree *tree = data;
  g_free (tree->dir);
  g_free (tree);
}

/* The outermost tree that @path lies in. */
static const AakContentTree *
find_by_path (GHashTable *trees, const char *path)
{
  g_autofree char *dir = g_strdup (path);
  for (char *slash = strchr (dir + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      char after = slash[1];
      slash[1] = '\0';
      const AakContentTree *tree = g_hash_table_lookup (trees, dir);
      slash[1] = after;
      if (tree != NULL)
        return tree;
    }
  return NULL;
}

/* Adds the directory of @path as a tree. */
static void
add_tree (GHashTable *trees, const char *path)
{
  AakContentTree *tree = g_new0 (AakContentTree, 1);
  tree->dir = directory_of (path);
  g_hash_table_replace (trees, tree->dir, tree);
}

GHashTable *
aak_content_tree_detect (GPtrArray *sorted)
{
  GHashTable *trees = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, tree_free);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      if (!is_read_only_file (observation))
        continue;
      g_autofree char *dir = directory_of (observation->name);
      if (!may_hold_content (dir))
        continue;
      char *key = g_strconcat (dir, extension_of (observation->name), NULL);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (count));
      if (count == AAK_CONTENT_MIN_SIBLINGS)
        add_tree (trees, observation->name);
    }
  return trees;
}

const AakContentTree *
aak_content_tree_find (GHashTable *trees, const AakObservation *observation)
{
  return is_read_only_file (observation) ? find_by_path (trees, observation->name) : NULL;
}

char *
aak_content_tree_pattern (const AakContentTree *tree, const char *path)
{
  GString *out = g_string_new (NULL);
  aak_path_pattern_append_literal (out, tree->dir, strlen (tree->dir));
  g_string_append (out, "**");
  aak_path_pattern_append_literal (out, extension_of (path), strlen (extension_of (path)));
  return g_string_free (out, FALSE);
}
