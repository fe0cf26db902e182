/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The reading half of the libyaml wrapper: a document with positions. */
#include "config.h"

#include "lib/yaml.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

struct AakYaml
{
  yaml_document_t document;
  gboolean loaded;
  char *name;
};

void
aak_yaml_free (AakYaml *yaml)
{
  if (yaml->loaded)
    yaml_document_delete (&yaml->document);
  g_free (yaml->name);
  g_free (yaml);
}

static const yaml_node_t *
get_node (AakYamlNode node)
{
  yaml_document_t *document = (yaml_document_t *) &node.yaml->document;
  return yaml_document_get_node (document, node.id);
}

gboolean
aak_yaml_error (AakYamlNode node, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  const yaml_mark_t *mark = &get_node (node)->start_mark;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%zu:%zu: %s", node.yaml->name,
               mark->line + 1, mark->column + 1, message);
  return FALSE;
}

/* --- checks after loading: no aliases, plain keys, no duplicates ----------------------------- */

/* libyaml resolves an alias to its anchor's node: a node that is referenced twice was aliased. */
static gboolean
note_reference (AakYamlNode node, guint8 *seen, GError **error)
{
  if (seen[node.id])
    return aak_yaml_error (node, error, "anchors and aliases are not accepted");
  seen[node.id] = 1;
  return TRUE;
}

static gboolean
check_key (AakYamlNode key, GHashTable *keys, GError **error)
{
  const yaml_node_t *node = get_node (key);
  if (node->type != YAML_SCALAR_NODE
      || node->data.scalar.length != strlen ((char *) node->data.scalar.value))
    return aak_yaml_error (key, error, "a key must be a plain word");
  if (!g_hash_table_add (keys, node->data.scalar.value))
    {
      g_autofree char *word =
          aak_escape ((char *) node->data.scalar.value, node->data.scalar.length);
      return aak_yaml_error (key, error, "the key '%s' appears twice", word);
    }
  return TRUE;
}

static gboolean
check_mapping (AakYamlNode mapping, guint8 *seen, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  const yaml_node_t *node = get_node (mapping);
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top; pair++)
    {
      AakYamlNode key = { mapping.yaml, pair->key }, value = { mapping.yaml, pair->value };
      if (!check_key (key, keys, error) || !note_reference (key, seen, error)
          || !note_reference (value, seen, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_sequence (AakYamlNode sequence, guint8 *seen, GError **error)
{
  const yaml_node_t *node = get_node (sequence);
  for (const yaml_node_item_t *item = node->data.sequence.items.start;
       item < node->data.sequence.items.top; item++)
    if (!note_reference ((AakYamlNode){ sequence.yaml, *item }, seen, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_document (const AakYaml *yaml, GError **error)
{
  gsize count = (gsize) (yaml->document.nodes.top - yaml->document.nodes.start);
  g_autofree guint8 *seen = g_new0 (guint8, count + 1);
  for (gsize id = 1; id <= count; id++)
    {
      AakYamlNode node = { yaml, (int) id };
      yaml_node_type_t type = get_node (node)->type;
      if (type == YAML_MAPPING_NODE && !check_mapping (node, seen, error))
        return FALSE;
      if (type == YAML_SEQUENCE_NODE && !check_sequence (node, seen, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load (AakYaml *yaml, yaml_parser_t *parser, GError **error)
{
  yaml_document_t extra;
  if (yaml_parser_load (parser, &yaml->document))
    yaml->loaded = TRUE;
  if (yaml->loaded && yaml_document_get_root_node (&yaml->document) == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:1:1: the file is empty", yaml->name);
      return FALSE;
    }
  if (yaml->loaded && yaml_parser_load (parser, &extra))
    {
      gboolean more = yaml_document_get_root_node (&extra) != NULL;
      yaml_document_delete (&extra);
      if (!more)
        return TRUE;
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: holds more than one document",
                   yaml->name);
      return FALSE;
    }
  const yaml_mark_t *mark =
      parser->error == YAML_READER_ERROR ? &parser->mark : &parser->problem_mark;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%zu:%zu: %s", yaml->name, mark->line + 1,
               mark->column + 1, parser->problem != NULL ? parser->problem : "not YAML");
  return FALSE;
}

AakYaml *
aak_yaml_parse (const char *name, GBytes *text, GError **error)
{
  g_autoptr (AakYaml) yaml = g_new0 (AakYaml, 1);
  yaml->name = g_strdup (name);
  yaml_parser_t parser;
  if (!yaml_parser_initialize (&parser))
    g_error ("out of memory");
  gsize len = 0;
  const guchar *data = g_bytes_get_data (text, &len);
  yaml_parser_set_input_string (&parser, data != NULL ? data : (const guchar *) "", len);
  yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
  gboolean ok = load (yaml, &parser, error);
  yaml_parser_delete (&parser);
  if (!ok || !check_document (yaml, error))
    return NULL;
  return g_steal_pointer (&yaml);
}

AakYamlNode
aak_yaml_root (const AakYaml *yaml)
{
  return (AakYamlNode){ yaml, 1 };
}

/* --- access ---------------------------------------------------------------------------------- */

gboolean
aak_yaml_find (AakYamlNode node, const char *key, AakYamlNode *out)
{
  const yaml_node_t *mapping = get_node (node);
  if (mapping->type != YAML_MAPPING_NODE)
    return FALSE;
  for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
       pair < mapping->data.mapping.pairs.top; pair++)
    {
      AakYamlNode candidate = { node.yaml, pair->key };
      if (strcmp ((const char *) get_node (candidate)->data.scalar.value, key) != 0)
        continue;
      *out = (AakYamlNode){ node.yaml, pair->value };
      return TRUE;
    }
  return FALSE;
}

gboolean
aak_yaml_get (AakYamlNode node, const char *key, AakYamlNode *out, GError **error)
{
  if (get_node (node)->type != YAML_MAPPING_NODE)
    return aak_yaml_error (node, error, "a mapping with the key '%s' was expected", key);
  if (!aak_yaml_find (node, key, out))
    return aak_yaml_error (node, error, "the key '%s' is missing", key);
  return TRUE;
}

gboolean
aak_yaml_length (AakYamlNode node, guint *out_length, GError **error)
{
  const yaml_node_t *sequence = get_node (node);
  if (sequence->type != YAML_SEQUENCE_NODE)
    return aak_yaml_error (node, error, "a list was expected");
  *out_length = (guint) (sequence->data.sequence.items.top - sequence->data.sequence.items.start);
  return TRUE;
}

AakYamlNode
aak_yaml_item (AakYamlNode sequence, guint index)
{
  return (AakYamlNode){ sequence.yaml, get_node (sequence)->data.sequence.items.start[index] };
}

const char *
aak_yaml_text (AakYamlNode node, GError **error)
{
  const yaml_node_t *scalar = get_node (node);
  if (scalar->type == YAML_SCALAR_NODE
      && scalar->data.scalar.length == strlen ((char *) scalar->data.scalar.value))
    return (const char *) scalar->data.scalar.value;
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
