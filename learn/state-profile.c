/* SPDX-License-Identifier: GPL-2.0-or-later
 * State, generalised, as text. */
#include "config.h"

#include "learn/state-profile.h"

#include "learn/exec-option.h"
#include "learn/label.h"
#include "learn/profile-writer.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

GBytes *
aak_state_profile (const char *name, GBytes *yaml, GError **error)
{
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_autoptr (AakObservations) observations = aak_state_from_yaml (shown, yaml, error);
  if (observations == NULL)
    return NULL;
  const char *label = aak_observations_label (observations);
  g_autofree char *file = aak_label_file_name (label);
  if (file == NULL)
    {
      g_autofree char *what = aak_escape (label, strlen (label));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: '%s' cannot be the name of a profile",
                   shown, what);
      return NULL;
    }
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_exec_option_generalise (observations, FALSE, FALSE, &trace);
  aak_writable_set_abi (profile, AAK_ABI_3_0);
  char *text = aak_profile_to_text (profile);
  return g_bytes_new_take (text, strlen (text));
}
