/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the table of rules that every profile has. */
#include "config.h"

#include "lib/runtime-table.h"

#include "lib/table.h"

#include <string.h>

#define TABLE "runtime.yaml"

static void
runtime_rule_free (gpointer data)
{
  AakRuntimeRule *rule = data;
  g_free (rule->id);
  g_free (rule->rule);
  g_free (rule->why);
  g_free (rule);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRuntimeRule, runtime_rule_free)

static AakRuntimeRule *
read_rule (AakYamlNode entry, GError **error)
{
  static const char *const keys[] = { "id", "rule", "why", "source", NULL };
  if (!aak_table_check_keys (entry, keys, error))
    return NULL;
  const char *id = aak_yaml_get_text (entry, "id", error);
  const char *rule = id != NULL ? aak_yaml_get_text (entry, "rule", error) : NULL;
  const char *why = rule != NULL ? aak_yaml_get_text (entry, "why", error) : NULL;
  if (why == NULL || aak_yaml_get_text (entry, "source", error) == NULL)
    return NULL;
  if (!aak_table_is_id (id))
    aak_yaml_error (entry, error, "id: lower case letters, digits and \"-\"");
  else if (!aak_table_is_line (rule) || !g_str_has_suffix (rule, ","))
    aak_yaml_error (entry, error, "rule: one line that ends with a comma, without a comment");
  else if (!aak_table_is_line (why))
    aak_yaml_error (entry, error, "why: one line");
  else
    {
      AakRuntimeRule *read = g_new0 (AakRuntimeRule, 1);
      *read = (AakRuntimeRule){ g_strdup (id), g_strdup (rule), g_strdup (why) };
      return read;
    }
  return NULL;
}

static gboolean
has_id (const GPtrArray *table, const char *id)
{
  for (guint i = 0; i < table->len; i++)
    if (strcmp (((const AakRuntimeRule *) table->pdata[i])->id, id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_rules (AakYamlNode list, GPtrArray *table, GError **error)
{
  guint length = 0;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_RUNTIME_MAX)
    return aak_yaml_error (list, error, "more than %d rules", AAK_RUNTIME_MAX);
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      g_autoptr (AakRuntimeRule) rule = read_rule (item, error);
      if (rule == NULL)
        return FALSE;
      if (has_id (table, rule->id))
        return aak_yaml_error (item, error, "%s is there twice", rule->id);
      g_ptr_array_add (table, g_steal_pointer (&rule));
    }
  return TRUE;
}

GPtrArray *
aak_runtime_table_read (const char *name, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new_with_free_func (runtime_rule_free);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  AakYamlNode list;
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "runtime", 1, error)
      || !aak_yaml_get (aak_yaml_root (yaml), "runtime", &list, error)
      || !read_rules (list, table, error))
    return NULL;
  return g_steal_pointer (&table);
}

const GPtrArray *
aak_runtime_table (void)
{
  static const GPtrArray *table;
  if (g_once_init_enter (&table))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = aak_table_text (TABLE);
      GPtrArray *read = aak_runtime_table_read (TABLE, text, &error);
      if (read == NULL)
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&table, read);
    }
  return table;
}

gboolean
aak_runtime_table_is_sender (const char *peer)
{
  g_autofree char *wanted = g_strdup_printf ("signal (receive) peer=%s,", peer);
  const GPtrArray *table = aak_runtime_table ();
  for (guint i = 0; i < table->len; i++)
    if (strcmp (((const AakRuntimeRule *) table->pdata[i])->rule, wanted) == 0)
      return TRUE;
  return FALSE;
}
