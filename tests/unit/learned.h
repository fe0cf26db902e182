/* SPDX-License-Identifier: GPL-2.0-or-later
 * What was learned: runs, observations, and what a recorder has, as the states' text. */
#pragma once

#include "learn/recorder.h"
#include "learn/state.h"

/* A run that was read from a file. */
static inline AakRun *
learned_run (const char *id, guint64 start)
{
  AakRun *run = aak_run_new ();
  run->id = g_strdup (id);
  run->node = g_strdup ("n");
  run->boot = g_strdup ("b");
  run->source = g_strdup ("file");
  run->start = start;
  return run;
}

/* Of k8s-t, which that run has not seen yet. */
static inline AakObservations *
learned_nothing (const char *run_id, guint64 start)
{
  AakObservations *observations = aak_observations_new ("k8s-t");
  aak_observations_add_run (observations, learned_run (run_id, start));
  return observations;
}

/* Appends the states of all labels; their runs get a name that is always the same. */
static inline void
append_states (GString *out, AakAttribution *attribution)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (attribution);
  for (guint i = 0; i < subjects->len; i++)
    {
      AakRun *run = aak_observations_get_run (subjects->pdata[i], 0);
      run->id = g_strdup ("r");
      run->node = g_strdup ("n");
      run->boot = g_strdup ("b");
      run->source = g_strdup ("file");
      g_autoptr (GBytes) yaml = aak_state_to_yaml (subjects->pdata[i]);
      g_string_append_len (out, g_bytes_get_data (yaml, NULL), (gssize) g_bytes_get_size (yaml));
    }
}
