/* SPDX-License-Identifier: GPL-2.0-or-later
 * Programs to tell apart. */
#include "config.h"

#include "learn/child-plan.h"

#include "learn/child-name.h"
#include "learn/child-split.h"
#include "learn/path-widen.h"
#include "lib/sort.h"

#include <string.h>

/* What the accesses say of programs. */
typedef struct
{
  GHashTable *executed; /* path -> guint64*, how often */
  GHashTable *entered;  /* set of paths whose exec entered a child */
  GHashTable *written;  /* set of paths that the application created */
  const AakVolumes *volumes;
  GHashTable *kept; /* set of names of children that no_new_privs kept an exec out of */
} Programs;

static void
programs_clear (Programs *programs)
{
  g_hash_table_unref (programs->executed);
  g_hash_table_unref (programs->entered);
  g_hash_table_unref (programs->written);
  g_hash_table_unref (programs->kept);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Programs, programs_clear)

static void
add (GHashTable *set, const char *text)
{
  g_hash_table_add (set, g_strdup (text));
}

static void
count_exec (Programs *programs, const char *path, const AakObservation *exec)
{
  guint64 *count = g_hash_table_lookup (programs->executed, path);
  if (count == NULL)
    {
      count = g_new0 (guint64, 1);
      g_hash_table_insert (programs->executed, g_strdup (path), count);
    }
  *count += aak_observation_events (exec);
}

static void
take_exec (Programs *programs, const AakObservation *exec)
{
  if (*exec->detail == '\0')
    {
      add (programs->kept, exec->name);
      return;
    }
  add (programs->entered, exec->detail);
  if (*exec->child == '\0')
    count_exec (programs, exec->detail, exec);
}

static void
take_file (Programs *programs, const AakObservation *file)
{
  if (file->perms & AAK_PERM_C)
    add (programs->written, file->name);
  if ((file->perms & AAK_PERM_X) && *file->child == '\0')
    count_exec (programs, file->name, file);
}

static GHashTable *
set_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
programs_init (Programs *programs, const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  *programs =
      (Programs){ .executed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                  .entered = set_new (),
                  .written = set_new (),
                  .kept = set_new (),
                  .volumes = aak_observations_volumes (observations) };
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      if (observation->class == AAK_CLASS_EXEC)
        take_exec (programs, observation);
      else if (observation->class == AAK_CLASS_FILE)
        take_file (programs, observation);
    }
}

static gboolean
is_constant (const char *path, const AakVolumes *volumes)
{
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  const AakOwnPaths own = { none, volumes };
  const char *pass = NULL;
  g_autoptr (AakPathWiden) widen = aak_path_widen_new (path, &own, FALSE);
  g_autofree char *pattern = aak_path_widen_pattern (widen, 0, &pass);
  return pattern != NULL && pass == NULL;
}

static gboolean
can_have_child (const Programs *programs, const char *path)
{
  g_autofree char *name = aak_child_name_for (path);
  return name != NULL && !g_hash_table_contains (programs->kept, name)
         && !g_hash_table_contains (programs->written, path)
         && is_constant (path, programs->volumes);
}

/* The most often executed first. */
static int
compare_counts (gconstpointer a, gconstpointer b, gpointer data)
{
  GHashTable *executed = data;
  guint64 x = *(guint64 *) g_hash_table_lookup (executed, *(const char *const *) a),
          y = *(guint64 *) g_hash_table_lookup (executed, *(const char *const *) b);
  return x != y ? (x > y ? -1 : 1) : aak_compare_texts (a, b);
}

/* All that can have a child, in that order. */
static GPtrArray *
list (const Programs *programs)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init (&iter, programs->executed);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (can_have_child (programs, path))
      g_ptr_array_add (all, g_strdup (path));
  g_ptr_array_sort_with_data (all, compare_counts, programs->executed);
  return all;
}

static GPtrArray *
plan (const Programs *programs)
{
  GPtrArray *planned = list (programs);
  if (planned->len > AAK_CHILDREN_MAX)
    g_ptr_array_set_size (planned, AAK_CHILDREN_MAX);
  g_ptr_array_sort (planned, aak_compare_texts);
  return planned;
}

GPtrArray *
aak_child_plan (const AakObservations *observations)
{
  g_auto (Programs) programs = { 0 };
  programs_init (&programs, observations);
  return plan (&programs);
}

void
aak_child_plan_count (const AakObservations *observations, AakChildCounts *out)
{
  g_auto (Programs) programs = { 0 };
  programs_init (&programs, observations);
  g_autoptr (GPtrArray) all = list (&programs);
  g_autoptr (GPtrArray) planned = plan (&programs);
  *out = (AakChildCounts){ .kept = g_hash_table_size (programs.kept),
                           .beyond = all->len - planned->len };
  for (guint i = 0; i < planned->len; i++)
    out->lacking += !g_hash_table_contains (programs.entered, g_ptr_array_index (planned, i));
}
