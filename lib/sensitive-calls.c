/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the calls of profiles/sensitive.yaml. */
#include "config.h"

#include "lib/sensitive-calls.h"

#include "lib/table.h"

#define TABLE "sensitive.yaml"

static gboolean
read_entry (AakYamlNode entry, GPtrArray *out, GError **error)
{
  const char *id = aak_yaml_get_text (entry, "id", error);
  const char *why = id != NULL ? aak_yaml_get_text (entry, "why", error) : NULL;
  g_auto (GStrv) calls = NULL;
  if (why == NULL || !aak_table_texts (entry, "syscalls", &calls, error))
    return FALSE;
  if (*calls == NULL)
    return TRUE;
  AakSensitiveCalls *found = g_new0 (AakSensitiveCalls, 1);
  found->id = g_strdup (id);
  found->why = g_strdup (why);
  found->calls = g_steal_pointer (&calls);
  g_ptr_array_add (out, found);
  return TRUE;
}

static gboolean
read_all (GPtrArray *out, GError **error)
{
  g_autoptr (GBytes) text = aak_table_text (TABLE);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (TABLE, text, error);
  AakYamlNode list;
  guint length = 0;
  if (yaml == NULL || !aak_yaml_get (aak_yaml_root (yaml), "sensitive", &list, error)
      || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_entry (aak_yaml_item (list, i), out, error))
      return FALSE;
  return TRUE;
}

const GPtrArray *
aak_sensitive_calls (void)
{
  static const GPtrArray *all;
  if (g_once_init_enter (&all))
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *read = g_ptr_array_new ();
      if (!read_all (read, &error))
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&all, read);
    }
  return all;
}
