/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding content trees. */
#include "config.h"

#include "learn/content-tree.h"

#include "learn/pattern-table.h"
#include "learn/sensitive.h"
#include "lib/tally.h"

#include <string.h>

#define MAX_EXTENSION 8 /* with its dot */

struct AakContentTrees
{
  GHashTable *files;  /* set of what was counted: a key of the others, and a file */
  GHashTable *counts; /* directory and extension -> how many */
  GHashTable *dirs;   /* set of directories, with their slash, that are trees */
  GHashTable *below;  /* directory -> how many files were counted below it */
};

AakContentTrees *
aak_content_trees_new (void)
{
  AakContentTrees *trees = g_new (AakContentTrees, 1);
  trees->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  trees->counts = aak_tally_new ();
  trees->dirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  trees->below = aak_tally_new ();
  return trees;
}

void
aak_content_trees_free (AakContentTrees *trees)
{
  g_hash_table_unref (trees->files);
  g_hash_table_unref (trees->counts);
  g_hash_table_unref (trees->dirs);
  g_hash_table_unref (trees->below);
  g_free (trees);
}

/* --- where content may lie ------------------------------------------------------------------- */

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
  return (!aak_pattern_table_is_system (dir) || begins_with_one (dir, rules->except))
         && !is_code (dir, rules);
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

/* The extension of a file that can be content; NULL of any other. */
static const char *
kind_of (const char *path)
{
  gboolean plain = *path == '/' && strstr (path, "//") == NULL;
  return plain && !aak_sensitive_is_secret (path) ? extension_of (path) : NULL;
}

/* --- trees ----------------------------------------------------------------------------------- */

/* Notes that @file counts for @tree; FALSE where it did before. */
static gboolean
note_file (AakContentTrees *trees, const char *tree, const char *file)
{
  return g_hash_table_add (trees->files, g_strconcat (tree, "\n", file, NULL));
}

/* Counts a file for every directory on the way to it where content may lie. */
static void
count_below (AakContentTrees *trees, const char *pattern, const char *file)
{
  const char *slash = strchr (pattern + 1, '/');
  for (; slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *dir = g_strndup (pattern, (gsize) (slash - pattern) + 1);
      if (may_hold_content (dir) && note_file (trees, dir, file))
        aak_tally_add (trees->below, g_steal_pointer (&dir), 1);
    }
}

void
aak_content_trees_count (AakContentTrees *trees, const char *path, const char *pattern,
                         const char *file)
{
  const char *kind = kind_of (path);
  g_autofree char *dir = g_strndup (pattern, (gsize) (strrchr (pattern, '/') - pattern) + 1);
  if (kind == NULL || !may_hold_content (dir))
    return;
  g_autofree char *tree = g_strconcat (dir, kind, NULL);
  count_below (trees, pattern, file);
  if (note_file (trees, tree, file)
      && aak_tally_add (trees->counts, g_strdup (tree), 1) == AAK_CONTENT_MIN_SIBLINGS)
    g_hash_table_add (trees->dirs, g_steal_pointer (&dir));
}

gboolean
aak_content_trees_are_sure (const AakContentTrees *trees, const char *pattern)
{
  g_autofree char *dir = g_strndup (pattern, (gsize) (strrchr (pattern, '/') - pattern) + 1);
  return aak_tally_get (trees->below, dir) >= AAK_CONTENT_SURE_FILES;
}

GPtrArray *
aak_content_trees_find (const AakContentTrees *trees, const char *path, const char *pattern,
                        gboolean all)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  const char *kind = kind_of (path);
  if (kind == NULL || (!all && g_hash_table_size (trees->dirs) == 0))
    return found;
  for (const char *slash = strchr (pattern + 1, '/'); slash != NULL;
       slash = strchr (slash + 1, '/'))
    {
      g_autofree char *dir = g_strndup (pattern, (gsize) (slash - pattern) + 1);
      if (all ? may_hold_content (dir) : g_hash_table_contains (trees->dirs, dir))
        g_ptr_array_add (found, g_strconcat (dir, "**", kind, NULL));
    }
  return found;
}
