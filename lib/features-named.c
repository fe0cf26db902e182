/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From the name of a feature set to the set. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/features-shipped.h"

#include <string.h>

#define FOLDER AAK_PKGDATADIR "/features"

/* The names that can be given, comma-separated. */
static char *
list_names (void)
{
  const GPtrArray *shipped = aak_features_shipped ();
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < shipped->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const AakShippedFeatures *) shipped->pdata[i])->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static AakFeatures *
find_shipped (const char *name)
{
  const GPtrArray *shipped = aak_features_shipped ();
  for (guint i = 0; i < shipped->len; i++)
    {
      const AakShippedFeatures *set = shipped->pdata[i];
      if (strcmp (set->name, name) == 0)
        return aak_features_copy (set->features);
    }
  return NULL;
}

AakFeatures *
aak_features_named (const char *name, GError **error)
{
  if (g_file_test (name, G_FILE_TEST_EXISTS) || strchr (name, '/') != NULL)
    return aak_features_read (name, error);
  AakFeatures *features = find_shipped (name);
  if (features != NULL)
    return features;
  g_autofree char *path = g_build_filename (FOLDER, name, NULL);
  if (*name != '.' && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return aak_features_read (path, error);
  g_autofree char *known = list_names (), *shown = aak_escape (name, strlen (name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "%s: no file or directory of that name, and no feature set that ships (%s)", shown,
               known);
  return NULL;
}
