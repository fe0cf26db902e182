/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compares two reports of a tree. */
#include "config.h"

#include "compile/file-diff.h"

#include "lib/policy/tree-report.h"
#include "lib/escape.h"

#include <string.h>

static void
file_free (gpointer data)
{
  AakFileChange *file = data;
  g_free (file->path);
  g_free (file);
}

/* What one profile allows, and what of the tree could not be looked at. */
typedef struct
{
  GHashTable *allowed; /* path -> permissions, of files with any */
  GPtrArray *skipped;  /* or NULL */
} Report;

static void
note_allowed (const char *path, guint32 mask, gpointer user_data)
{
  Report *report = user_data;
  g_hash_table_insert (report->allowed, g_strdup (path), GUINT_TO_POINTER (mask));
}

static void
note_skipped (const char *path, const char *why, gpointer user_data)
{
  Report *report = user_data;
  g_autofree char *shown = aak_escape (path, strlen (path));
  if (report->skipped != NULL)
    g_ptr_array_add (report->skipped, g_strdup_printf ("%s: %s", shown, why));
}

static GHashTable *
ask (const AakPolicyProfile *profile, const AakDiffTree *tree, GPtrArray *skipped, GError **error)
{
  AakTreeTotals totals = { 0 };
  g_autoptr (GHashTable) allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Report report = { allowed, skipped };
  const AakTreeVisitor visitor = { note_allowed, note_skipped, &report, FALSE };
  return aak_tree_report (profile, tree->tree, tree->owner, &visitor, &totals, error)
             ? g_steal_pointer (&allowed)
             : NULL;
}

static void
add (GPtrArray *files, const char *path, guint32 before, guint32 after)
{
  if (before == after)
    return;
  AakFileChange file = { g_strdup (path), before & ~after, after & ~before };
  g_ptr_array_add (files, g_memdup2 (&file, sizeof file));
}

static int
by_path (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AakFileChange *const *) a)->path, (*(AakFileChange *const *) b)->path);
}

GPtrArray *
aak_file_diff (const AakPolicyProfile *before, const AakPolicyProfile *after,
               const AakDiffTree *tree, GPtrArray *skipped, GError **error)
{
  g_autoptr (GHashTable) old = ask (before, tree, skipped, error);
  /* What cannot be read is the same for both. */
  g_autoptr (GHashTable) new = old != NULL ? ask (after, tree, NULL, error) : NULL;
  if (new == NULL)
    return NULL;
  GPtrArray *files = g_ptr_array_new_with_free_func (file_free);
  GHashTableIter iter;
  gpointer path = NULL, allowed = NULL;
  g_hash_table_iter_init (&iter, old);
  while (g_hash_table_iter_next (&iter, &path, &allowed))
    add (files, path, GPOINTER_TO_UINT (allowed),
         GPOINTER_TO_UINT (g_hash_table_lookup (new, path)));
  g_hash_table_iter_init (&iter, new);
  while (g_hash_table_iter_next (&iter, &path, &allowed))
    if (!g_hash_table_contains (old, path))
      add (files, path, 0, GPOINTER_TO_UINT (allowed));
  g_ptr_array_sort (files, by_path);
  return files;
}
