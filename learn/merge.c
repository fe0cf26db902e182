/* SPDX-License-Identifier: GPL-2.0-or-later
 * Union by runs. */
#include "config.h"

#include "learn/merge.h"

AakRun *
aak_run_copy (const AakRun *run)
{
  AakRun *copy = aak_run_new ();
  GPtrArray *pods = copy->pods;
  *copy = *run;
  copy->pods = pods;
  copy->id = g_strdup (run->id);
  copy->node = g_strdup (run->node);
  copy->boot = g_strdup (run->boot);
  copy->source = g_strdup (run->source);
  copy->position = run->position != NULL ? aak_position_copy (run->position) : NULL;
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = g_ptr_array_index (run->pods, i);
      aak_run_add_pod (copy, pod->namespace, pod->pod, pod->container, pod->image);
    }
  return copy;
}

AakObservation *
aak_observation_renumber (const AakObservation *observation, const guint *index_of_run)
{
  AakObservation *renumbered =
      aak_observation_new (observation->class, observation->name, observation->detail);
  renumbered->perms = observation->perms;
  renumbered->shared_perms = observation->shared_perms;
  for (guint i = 0; i < observation->sightings->len; i++)
    {
      AakSighting seen = g_array_index (observation->sightings, AakSighting, i);
      if (index_of_run[seen.run] == AAK_RUN_LEFT_OUT)
        continue;
      seen.run = index_of_run[seen.run];
      g_array_append_val (renumbered->sightings, seen);
    }
  return renumbered;
}

void
aak_merge (AakObservations *into, const AakObservations *from)
{
  guint count = aak_observations_n_runs (from);
  g_autofree guint *index_of_run = g_new0 (guint, count + 1);
  for (guint i = 0; i < count; i++)
    {
      const AakRun *run = aak_observations_get_run (from, i);
      index_of_run[i] = aak_observations_has_run (into, run->id)
                            ? AAK_RUN_LEFT_OUT
                            : aak_observations_add_run (into, aak_run_copy (run));
    }
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (from);
  for (guint i = 0; i < sorted->len; i++)
    {
      g_autoptr (AakObservation) renumbered =
          aak_observation_renumber (g_ptr_array_index (sorted, i), index_of_run);
      aak_observations_merge (into, renumbered);
    }
}
