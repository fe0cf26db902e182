/* SPDX-License-Identifier: GPL-2.0-or-later
 * The two ways to treat an exec. */
#include "config.h"

#include "learn/exec-option.h"

#include "learn/child-profile.h"
#include "learn/generalise.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

gboolean
aak_exec_option_parse (const char *word, gboolean *out_children, GError **error)
{
  if (word == NULL || strcmp (word, "inherit") == 0 || strcmp (word, "child") == 0)
    {
      *out_children = word != NULL && strcmp (word, "child") == 0;
      return TRUE;
    }
  g_autofree char *shown = aak_escape (word, strlen (word));
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--exec %s: inherit or child is needed", shown);
  return FALSE;
}

AakProfile *
aak_exec_option_generalise (const AakObservations *observations, gboolean exact, gboolean children,
                            GArray **out_trace)
{
  return children && aak_observations_has_children (observations)
             ? aak_generalise_children (observations, exact, out_trace)
             : aak_generalise_traced (observations, exact, out_trace);
}
