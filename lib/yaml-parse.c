/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From libyaml's events to a document, and the checks that can be made on the way: no aliases and
 * tags, plain keys, none of them twice, and bounds. libyaml's own document takes four times the
 * memory. */
#include "config.h"

#include "lib/yaml-document.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>
#include <yaml.h>

/* A mapping with more keys than this gets a table of them. */
#define FEW_KEYS 16

/* A list or mapping that has not ended. */
typedef struct
{
  guint32 id;
  guint pending; /* where its children begin */
} Open;

typedef struct
{
  AakYaml *yaml;
  GArray *open;    /* Open, the innermost last */
  GArray *pending; /* guint32: children of those */
  gboolean begun;  /* there was a document */
} Builder;

static const char no_anchors[] = "anchors and aliases are not accepted";

static gboolean
refuse (const AakYaml *yaml, const yaml_mark_t *mark, GError **error, const char *why)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%zu:%zu: %s", yaml->name, mark->line + 1,
               mark->column + 1, why);
  return FALSE;
}

/* TRUE where a node has neither. */
static gboolean
check_properties (const AakYaml *yaml, const yaml_event_t *event, const yaml_char_t *anchor,
                  const yaml_char_t *tag, GError **error)
{
  if (anchor != NULL)
    return refuse (yaml, &event->start_mark, error, no_anchors);
  return tag == NULL || refuse (yaml, &event->start_mark, error, "tags are not accepted");
}

/* --- keys ------------------------------------------------------------------------------------ */

static gboolean
refuse_twice (AakYamlNode key, GError **error)
{
  const char *text = aak_yaml_bytes (key.yaml, aak_yaml_data (key));
  g_autofree char *word = aak_escape (text, strlen (text));
  return aak_yaml_error (key, error, "the key '%s' appears twice", word);
}

static gboolean
check_few_keys (const AakYaml *yaml, const AakYamlData *map, GError **error)
{
  const char *keys[FEW_KEYS];
  for (guint i = 0; i < map->length / 2; i++)
    {
      AakYamlNode key = aak_yaml_child (yaml, map, 2 * i);
      keys[i] = aak_yaml_bytes (yaml, aak_yaml_data (key));
      for (guint k = 0; k < i; k++)
        if (strcmp (keys[i], keys[k]) == 0)
          return refuse_twice (key, error);
    }
  return TRUE;
}

static gboolean
check_many_keys (const AakYaml *yaml, const AakYamlData *map, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < map->length; i += 2)
    {
      AakYamlNode key = aak_yaml_child (yaml, map, i);
      if (!g_hash_table_add (keys, (gpointer) aak_yaml_bytes (yaml, aak_yaml_data (key))))
        return refuse_twice (key, error);
    }
  return TRUE;
}

static gboolean
check_keys (const AakYaml *yaml, const AakYamlData *map, GError **error)
{
  for (guint i = 0; i < map->length; i += 2)
    {
      AakYamlNode key = aak_yaml_child (yaml, map, i);
      const AakYamlData *data = aak_yaml_data (key);
      if (data->type != AAK_YAML_SCALAR || strlen (aak_yaml_bytes (yaml, data)) != data->length)
        return aak_yaml_error (key, error, "a key must be a plain word");
    }
  return map->length / 2 <= FEW_KEYS ? check_few_keys (yaml, map, error)
                                     : check_many_keys (yaml, map, error);
}

/* --- nodes ----------------------------------------------------------------------------------- */

/* Adds a node to what is open, and gives its index in @out_id. */
static gboolean
add_node (Builder *builder, AakYamlType type, const yaml_event_t *event, guint32 *out_id,
          GError **error)
{
  AakYaml *yaml = builder->yaml;
  const yaml_mark_t *mark = &event->start_mark;
  AakYamlData data = { .type = type,
                       .line = (guint32) mark->line,
                       .column = (guint32) mark->column };
  if (yaml->nodes->len >= AAK_YAML_MAX_NODES)
    return refuse (yaml, mark, error, "more values than a document may hold");
  *out_id = yaml->nodes->len;
  g_array_append_val (yaml->nodes, data);
  g_array_append_val (builder->pending, *out_id);
  return TRUE;
}

static gboolean
add_scalar (Builder *builder, const yaml_event_t *event, GError **error)
{
  AakYaml *yaml = builder->yaml;
  const char *text = (const char *) event->data.scalar.value;
  gsize len = event->data.scalar.length;
  guint32 id;
  if (!check_properties (yaml, event, event->data.scalar.anchor, event->data.scalar.tag, error))
    return FALSE;
  if (len + 1 > G_MAXUINT32 - yaml->texts->len)
    return refuse (yaml, &event->start_mark, error, "more text than a document may hold");
  if (!add_node (builder, AAK_YAML_SCALAR, event, &id, error))
    return FALSE;
  AakYamlData *data = &g_array_index (yaml->nodes, AakYamlData, id);
  data->first = (guint32) yaml->texts->len;
  data->length = (guint32) len;
  g_string_append_len (yaml->texts, text, (gssize) len);
  g_string_append_c (yaml->texts, '\0');
  return TRUE;
}

static gboolean
open_node (Builder *builder, AakYamlType type, const yaml_event_t *event, GError **error)
{
  gboolean map = type == AAK_YAML_MAP;
  const yaml_char_t *anchor =
      map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
  const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
  Open open;
  if (!check_properties (builder->yaml, event, anchor, tag, error))
    return FALSE;
  if (builder->open->len >= AAK_YAML_MAX_DEPTH)
    return refuse (builder->yaml, &event->start_mark, error, "nested too deeply");
  if (!add_node (builder, type, event, &open.id, error))
    return FALSE;
  open.pending = builder->pending->len;
  g_array_append_val (builder->open, open);
  return TRUE;
}

static gboolean
close_node (Builder *builder, GError **error)
{
  AakYaml *yaml = builder->yaml;
  const Open *open = &g_array_index (builder->open, Open, builder->open->len - 1);
  AakYamlData *data = &g_array_index (yaml->nodes, AakYamlData, open->id);
  data->length = builder->pending->len - open->pending;
  data->first = yaml->children->len;
  g_array_append_vals (yaml->children, &g_array_index (builder->pending, guint32, open->pending),
                       data->length);
  g_array_set_size (builder->pending, open->pending);
  g_array_set_size (builder->open, builder->open->len - 1);
  return data->type != AAK_YAML_MAP || check_keys (yaml, data, error);
}

/* --- events ---------------------------------------------------------------------------------- */

static gboolean
take_event (Builder *builder, const yaml_event_t *event, GError **error)
{
  switch (event->type)
    {
    case YAML_DOCUMENT_START_EVENT:
      if (builder->begun)
        return refuse (builder->yaml, &event->start_mark, error, "holds more than one document");
      builder->begun = TRUE;
      return TRUE;
    case YAML_ALIAS_EVENT:
      return refuse (builder->yaml, &event->start_mark, error, no_anchors);
    case YAML_SCALAR_EVENT:
      return add_scalar (builder, event, error);
    case YAML_SEQUENCE_START_EVENT:
      return open_node (builder, AAK_YAML_LIST, event, error);
    case YAML_MAPPING_START_EVENT:
      return open_node (builder, AAK_YAML_MAP, event, error);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      return close_node (builder, error);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
      return TRUE;
    }
  return TRUE;
}

static gboolean
take_events (Builder *builder, yaml_parser_t *parser, GError **error)
{
  for (;;)
    {
      yaml_event_t event;
      if (!yaml_parser_parse (parser, &event))
        {
          const yaml_mark_t *mark =
              parser->error == YAML_READER_ERROR ? &parser->mark : &parser->problem_mark;
          return refuse (builder->yaml, mark, error,
                         parser->problem != NULL ? parser->problem : "not YAML");
        }
      gboolean end = event.type == YAML_STREAM_END_EVENT;
      gboolean taken = take_event (builder, &event, error);
      yaml_event_delete (&event);
      if (end || !taken)
        return taken;
    }
}

static gboolean
parse (AakYaml *yaml, yaml_parser_t *parser, GError **error)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Open));
  g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (guint32));
  Builder builder = { yaml, open, pending, FALSE };
  yaml_mark_t top = { 0 };
  if (!take_events (&builder, parser, error))
    return FALSE;
  return yaml->nodes->len > 0 || refuse (yaml, &top, error, "the file is empty");
}

AakYaml *
aak_yaml_parse (const char *name, GBytes *text, GError **error)
{
  /* GLib makes its C locale at the first number it reads; a thread that waits for another to do so
   * finds errno set by the wait, and takes that for a number that is none (GLib 2.74). Once each
   * thread has read one, none waits in those that count. */
  g_ascii_strtoull ("0", NULL, 10);
  g_autoptr (AakYaml) yaml = g_new0 (AakYaml, 1);
  yaml->name = g_strdup (name);
  yaml->nodes = g_array_new (FALSE, FALSE, sizeof (AakYamlData));
  yaml->children = g_array_new (FALSE, FALSE, sizeof (guint32));
  yaml->texts = g_string_new (NULL);
  yaml_parser_t parser;
  if (!yaml_parser_initialize (&parser))
    g_error ("out of memory");
  gsize len = 0;
  const guchar *data = g_bytes_get_data (text, &len);
  yaml_parser_set_input_string (&parser, data != NULL ? data : (const guchar *) "", len);
  yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
  gboolean ok = parse (yaml, &parser, error);
  yaml_parser_delete (&parser);
  return ok ? g_steal_pointer (&yaml) : NULL;
}
