/* SPDX-License-Identifier: GPL-2.0-or-later
 * --allow ID. */
#include "config.h"

#include "learn/allow-option.h"

#include "learn/sensitive.h"
#include "lib/cli.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

/* The ids of the table (char*, NULL-terminated); the array alone is the caller's. */
static GPtrArray *
known_ids (void)
{
  const GPtrArray *table = aak_sensitive_table ();
  GPtrArray *ids = g_ptr_array_new ();
  for (guint i = 0; i < table->len; i++)
    g_ptr_array_add (ids, ((const AakSensitive *) table->pdata[i])->id);
  g_ptr_array_add (ids, NULL);
  return ids;
}

static void
refuse (const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = known_ids ();
  const char *near = aak_cli_suggest (id, (const char *const *) ids->pdata);
  g_autofree char *all = g_strjoinv (", ", (char **) ids->pdata);
  g_autofree char *shown = aak_escape (id, strlen (id));
  if (near != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--allow %s: did you mean %s?", shown, near);
  else
    g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                 "--allow %s: there is no such kind; there are %s", shown, all);
}

gboolean
aak_allow_option_check (char *const *ids, GError **error)
{
  for (char *const *id = ids; id != NULL && *id != NULL; id++)
    if (aak_sensitive_table_find (aak_sensitive_table (), *id) == NULL)
      {
        refuse (*id, error);
        return FALSE;
      }
  return TRUE;
}

void
aak_allow_option_apply (char *const *ids, AakObservations *observations)
{
  for (char *const *id = ids; id != NULL && *id != NULL; id++)
    aak_allow_list_add (aak_observations_allow_list (observations), *id);
}
