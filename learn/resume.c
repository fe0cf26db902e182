/* SPDX-License-Identifier: GPL-2.0-or-later
 * Taking a run out of a state. */
#include "config.h"

#include "learn/resume.h"

#include "learn/merge.h"
#include "learn/state.h"
#include "lib/fs.h"

#include <string.h>

static AakObservations *
read_state (const char *path)
{
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, NULL);
  gsize len = 0;
  const void *data = text != NULL ? g_bytes_get_data (text, &len) : NULL;
  if (data == NULL || memmem (data, len, " position:", 10) == NULL)
    return NULL;
  return aak_state_from_yaml (path, text, NULL);
}

GPtrArray *
aak_resume_scan (const char *dir)
{
  GPtrArray *states = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_observations_free);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      AakObservations *state = g_str_has_suffix (name, AAK_STATE_SUFFIX) ? read_state (path) : NULL;
      if (state != NULL)
        g_ptr_array_add (states, state);
    }
  return states;
}

const AakRun *
aak_resume_find (const AakObservations *state, const AakRunStamp *stamp)
{
  const AakRun *newest = NULL;
  for (guint i = 0; i < aak_observations_n_runs (state); i++)
    {
      const AakRun *run = aak_observations_get_run (state, i);
      if (run->position != NULL && strcmp (run->node, stamp->node) == 0
          && strcmp (run->boot, stamp->boot) == 0 && (newest == NULL || run->start > newest->start))
        newest = run;
    }
  return newest;
}

static gboolean
is_same_recording (const AakRun *run, const AakRun *other)
{
  return run->position != NULL && other->position != NULL && run->start == other->start
         && strcmp (run->node, other->node) == 0 && strcmp (run->boot, other->boot) == 0
         && strcmp (run->source, other->source) == 0;
}

/* What @run counted, but for the account of its source. */
static void
move_run (const AakRun *run, AakRun *into)
{
  into->events = run->events;
  into->unlearned = run->unlearned;
  into->denied = run->denied;
  into->syscalls = run->syscalls;
  into->over_limit = run->over_limit;
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = g_ptr_array_index (run->pods, i);
      aak_run_add_pod (into, pod->namespace, pod->pod, pod->container, pod->image);
    }
}

/* Merges into @into the access with a part of its sightings; nothing where there are none. */
static void
copy_part (const AakObservation *observation, const guint *index_of_run, AakObservations *into)
{
  g_autoptr (AakObservation) part = aak_observation_renumber (observation, index_of_run);
  if (part->sightings->len > 0)
    aak_observations_merge (into, part);
}

/* The index of the state's run in the recording; their number where it has none. */
static guint
find_part (const AakObservations *state, const AakRun *run)
{
  guint count = aak_observations_n_runs (state), index = 0;
  while (index < count && !is_same_recording (aak_observations_get_run (state, index), run))
    index++;
  return index;
}

gboolean
aak_resume_has (const AakObservations *state, const AakRun *run)
{
  return find_part (state, run) < aak_observations_n_runs (state);
}

AakObservations *
aak_resume_move (const AakObservations *state, const AakRun *run, AakObservations *into)
{
  guint count = aak_observations_n_runs (state), index = find_part (state, run);
  AakObservations *rest = aak_observations_new (aak_observations_label (state));
  g_autofree guint *in_rest = g_new (guint, count), *in_into = g_new (guint, count);
  for (guint i = 0; i < count; i++)
    {
      in_into[i] = i == index ? 0 : AAK_RUN_LEFT_OUT;
      in_rest[i] =
          i == index
              ? AAK_RUN_LEFT_OUT
              : aak_observations_add_run (rest, aak_run_copy (aak_observations_get_run (state, i)));
    }
  move_run (aak_observations_get_run (state, index), aak_observations_get_run (into, 0));
  aak_observations_merge_known (rest, state);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (state);
  for (guint i = 0; i < sorted->len; i++)
    {
      copy_part (g_ptr_array_index (sorted, i), in_into, into);
      copy_part (g_ptr_array_index (sorted, i), in_rest, rest);
    }
  return rest;
}
