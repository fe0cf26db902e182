/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the table of feature sets. */
#include "config.h"

#include "lib/features-shipped.h"

#include "lib/table.h"

#define TABLE "features.yaml"

static AakShippedFeatures *
read_entry (AakYamlNode entry, GError **error)
{
  const char *name = aak_yaml_get_text (entry, "name", error);
  const char *from = name != NULL ? aak_yaml_get_text (entry, "from", error) : NULL;
  if (from == NULL)
    return NULL;
  g_autofree char *file = g_strconcat ("features/", name, NULL);
  g_autoptr (GBytes) bytes = aak_table_text (file);
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  g_autofree char *text = g_strndup (data, len);
  AakFeatures *features = aak_features_parse (name, text, error);
  if (features == NULL)
    return NULL;
  AakShippedFeatures *shipped = g_new0 (AakShippedFeatures, 1);
  *shipped = (AakShippedFeatures){ g_strdup (name), g_strdup (from), features };
  return shipped;
}

static GPtrArray *
read_table (GError **error)
{
  GPtrArray *all = g_ptr_array_new ();
  g_autoptr (GBytes) text = aak_table_text (TABLE);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (TABLE, text, error);
  AakYamlNode list;
  guint length = 0;
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "feature-sets", 1, error)
      || !aak_yaml_get (aak_yaml_root (yaml), "features", &list, error)
      || !aak_yaml_length (list, &length, error))
    return NULL;
  for (guint i = 0; i < length; i++)
    {
      AakShippedFeatures *shipped = read_entry (aak_yaml_item (list, i), error);
      if (shipped == NULL)
        return NULL;
      g_ptr_array_add (all, shipped);
    }
  return all;
}

const GPtrArray *
aak_features_shipped (void)
{
  static const GPtrArray *all;
  if (g_once_init_enter (&all))
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *read = read_table (&error);
      if (read == NULL)
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&all, read);
    }
  return all;
}
