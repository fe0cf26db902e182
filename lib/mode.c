/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The names of the profile modes. */
#include "config.h"

#include "lib/mode.h"

#include <string.h>

/* security/apparmor/policy.c, aa_profile_mode_names[] */
static const char *const names[] = { "enforce", "complain", "kill", "unconfined", "user" };

const char *
aak_mode_name (AakMode mode)
{
  return names[mode];
}

gboolean
aak_mode_parse (const char *word, AakMode *out_mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], word) == 0)
      {
        *out_mode = (AakMode) i;
        return TRUE;
      }
  return FALSE;
}
