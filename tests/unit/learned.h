/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a recorder learned, as the states' text. */
#pragma once

#include "learn/recorder.h"
#include "learn/state.h"

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
