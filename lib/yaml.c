/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The reading half of the libyaml wrapper: access to a document with positions. */
#include "config.h"

#include "lib/yaml.h"

#include "lib/error.h"
#include "lib/yaml-document.h"

#include <string.h>

void
aak_yaml_free (AakYaml *yaml)
{
  g_array_unref (yaml->nodes);
  g_array_unref (yaml->children);
  g_string_free (yaml->texts, TRUE);
  g_free (yaml->name);
  g_free (yaml);
}

gboolean
aak_yaml_error (AakYamlNode node, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  const AakYamlData *data = aak_yaml_data (node);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%u:%u: %s", node.yaml->name, data->line + 1,
               data->column + 1, message);
  return FALSE;
}

AakYamlNode
aak_yaml_root (const AakYaml *yaml)
{
  return (AakYamlNode){ yaml, 0 };
}

/* --- access ---------------------------------------------------------------------------------- */

gboolean
aak_yaml_find (AakYamlNode node, const char *key, AakYamlNode *out)
{
  const AakYamlData *map = aak_yaml_data (node);
  for (guint i = 0; map->type == AAK_YAML_MAP && i < map->length; i += 2)
    {
      AakYamlNode candidate = aak_yaml_child (node.yaml, map, i);
      if (strcmp (aak_yaml_bytes (node.yaml, aak_yaml_data (candidate)), key) != 0)
        continue;
      *out = aak_yaml_child (node.yaml, map, i + 1);
      return TRUE;
    }
  return FALSE;
}

const char *
aak_yaml_find_other (AakYamlNode node, const char *const *keys, AakYamlNode *out)
{
  const AakYamlData *map = aak_yaml_data (node);
  for (guint i = 0; map->type == AAK_YAML_MAP && i < map->length; i += 2)
    {
      AakYamlNode candidate = aak_yaml_child (node.yaml, map, i);
      const char *key = aak_yaml_bytes (node.yaml, aak_yaml_data (candidate));
      if (g_strv_contains (keys, key))
        continue;
      *out = candidate;
      return key;
    }
  return NULL;
}

gboolean
aak_yaml_get (AakYamlNode node, const char *key, AakYamlNode *out, GError **error)
{
  if (aak_yaml_data (node)->type != AAK_YAML_MAP)
    return aak_yaml_error (node, error, "a mapping with the key '%s' was expected", key);
  if (!aak_yaml_find (node, key, out))
    return aak_yaml_error (node, error, "the key '%s' is missing", key);
  return TRUE;
}

gboolean
aak_yaml_length (AakYamlNode node, guint *out_length, GError **error)
{
  const AakYamlData *list = aak_yaml_data (node);
  if (list->type != AAK_YAML_LIST)
    return aak_yaml_error (node, error, "a list was expected");
  *out_length = list->length;
  return TRUE;
}

AakYamlNode
aak_yaml_item (AakYamlNode sequence, guint index)
{
  return aak_yaml_child (sequence.yaml, aak_yaml_data (sequence), index);
}

const char *
aak_yaml_text (AakYamlNode node, GError **error)
{
  const AakYamlData *scalar = aak_yaml_data (node);
  const char *text = scalar->type == AAK_YAML_SCALAR ? aak_yaml_bytes (node.yaml, scalar) : NULL;
  if (text != NULL && strlen (text) == scalar->length)
    return text;
  aak_yaml_error (node, error, "a text was expected");
  return NULL;
}

const char *
aak_yaml_get_text (AakYamlNode node, const char *key, GError **error)
{
  AakYamlNode value;
  if (!aak_yaml_get (node, key, &value, error))
    return NULL;
  return aak_yaml_text (value, error);
}

gboolean
aak_yaml_get_uint (AakYamlNode node, const char *key, guint64 *out, GError **error)
{
  AakYamlNode value;
  if (!aak_yaml_get (node, key, &value, error))
    return FALSE;
  const char *text = aak_yaml_text (value, error);
  if (text == NULL)
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, out, NULL))
    return aak_yaml_error (value, error, "a number was expected");
  return TRUE;
}

gboolean
aak_yaml_check_schema (const AakYaml *yaml, const char *kind, guint newest, GError **error)
{
  AakYamlNode node;
  const char *schema = NULL;
  if (!aak_yaml_get (aak_yaml_root (yaml), "schema", &node, error)
      || (schema = aak_yaml_text (node, error)) == NULL)
    return FALSE;
  g_autofree char *prefix = g_strdup_printf ("aakit/%s/", kind);
  guint64 version = 0;
  if (!g_str_has_prefix (schema, prefix)
      || !g_ascii_string_to_unsigned (schema + strlen (prefix), 10, 1, G_MAXUINT32, &version, NULL))
    return aak_yaml_error (node, error, "the schema is not %s%u", prefix, newest);
  if (version <= newest)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_NEWER_SCHEMA,
               "%s: was written by a newer aakit (schema %s%" G_GUINT64_FORMAT
               ", this one reads up to %u): upgrade aakit",
               yaml->name, prefix, version, newest);
  return FALSE;
}
