/* SPDX-License-Identifier: GPL-2.0-or-later
 * A table of unions. */
#include "config.h"

#include "learn/union-set.h"

#include "learn/state-reader.h"
#include "lib/escape.h"
#include "lib/progress.h"

#include <string.h>

struct AakUnionSet
{
  GHashTable *table; /* label -> AakUnion */
};

static void
union_free (gpointer data)
{
  AakUnion *one = data;
  aak_merge_free (one->merge);
  g_free (one);
}

void
aak_union_set_free (AakUnionSet *set)
{
  g_hash_table_unref (set->table);
  g_free (set);
}

static gboolean
add_state (AakUnionSet *set, const char *path, AakObservations *state, GError **error)
{
  const char *label = aak_observations_label (state);
  AakUnion *one = g_hash_table_lookup (set->table, label);
  if (one == NULL)
    {
      one = g_new0 (AakUnion, 1);
      one->merge = aak_merge_new (label);
      g_hash_table_insert (set->table, g_strdup (label), one);
    }
  one->states++;
  g_autofree char *shown = aak_escape (path, strlen (path));
  return aak_merge_take (one->merge, shown, state, error);
}

AakUnionSet *
aak_union_set_read (AakCli *cli, const GPtrArray *paths, GError **error)
{
  g_autoptr (AakUnionSet) set = g_new0 (AakUnionSet, 1);
  set->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, union_free);
  g_autoptr (AakStateReader) reader = aak_state_reader_new (paths);
  g_autoptr (AakProgress) progress = aak_progress_new (cli, "merged", paths->len);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (AakObservations) state = aak_state_reader_next (reader, error);
      if (state == NULL || !add_state (set, g_ptr_array_index (paths, i), state, error))
        return NULL;
      aak_progress_step (progress, g_ptr_array_index (paths, i));
    }
  return g_steal_pointer (&set);
}

GList *
aak_union_set_labels (const AakUnionSet *set)
{
  return g_list_sort (g_hash_table_get_keys (set->table), (GCompareFunc) strcmp);
}

const AakUnion *
aak_union_set_get (const AakUnionSet *set, const char *label)
{
  return g_hash_table_lookup (set->table, label);
}
