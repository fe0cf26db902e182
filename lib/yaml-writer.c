/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The writing half of the libyaml wrapper: the same calls give the same bytes. */
#include "config.h"

#include "lib/yaml.h"

#include "lib/escape.h"

#include <string.h>
#include <yaml.h>

struct AakYamlWriter
{
  yaml_emitter_t emitter;
  GByteArray *out;
};

static int
append (void *data, unsigned char *buffer, size_t size)
{
  g_byte_array_append (data, buffer, (guint) size);
  return 1;
}

/* The output goes to memory and every string is valid UTF-8, so that only a program error can fail
 * here. */
static void
emit (AakYamlWriter *writer, yaml_event_t *event)
{
  if (!yaml_emitter_emit (&writer->emitter, event))
    g_error ("cannot write YAML: %s", writer->emitter.problem);
}

AakYamlWriter *
aak_yaml_writer_new (void)
{
  AakYamlWriter *writer = g_new0 (AakYamlWriter, 1);
  writer->out = g_byte_array_new ();
  if (!yaml_emitter_initialize (&writer->emitter))
    g_error ("out of memory");
  yaml_emitter_set_output (&writer->emitter, append, writer->out);
  yaml_emitter_set_unicode (&writer->emitter, 1);
  yaml_emitter_set_width (&writer->emitter, -1);
  yaml_event_t event;
  yaml_stream_start_event_initialize (&event, YAML_UTF8_ENCODING);
  emit (writer, &event);
  yaml_document_start_event_initialize (&event, NULL, NULL, NULL, 1);
  emit (writer, &event);
  return writer;
}

void
aak_yaml_writer_free (AakYamlWriter *writer)
{
  yaml_emitter_delete (&writer->emitter);
  if (writer->out != NULL)
    g_byte_array_unref (writer->out);
  g_free (writer);
}

GBytes *
aak_yaml_writer_end (AakYamlWriter *writer)
{
  yaml_event_t event;
  yaml_document_end_event_initialize (&event, 1);
  emit (writer, &event);
  yaml_stream_end_event_initialize (&event);
  emit (writer, &event);
  return g_byte_array_free_to_bytes (g_steal_pointer (&writer->out));
}

static void
begin_map (AakYamlWriter *writer, yaml_mapping_style_t style)
{
  yaml_event_t event;
  yaml_mapping_start_event_initialize (&event, NULL, NULL, 1, style);
  emit (writer, &event);
}

void
aak_yaml_begin_map (AakYamlWriter *writer)
{
  begin_map (writer, YAML_BLOCK_MAPPING_STYLE);
}

void
aak_yaml_begin_flow_map (AakYamlWriter *writer)
{
  begin_map (writer, YAML_FLOW_MAPPING_STYLE);
}

void
aak_yaml_end_map (AakYamlWriter *writer)
{
  yaml_event_t event;
  yaml_mapping_end_event_initialize (&event);
  emit (writer, &event);
}

static void
begin_list (AakYamlWriter *writer, yaml_sequence_style_t style)
{
  yaml_event_t event;
  yaml_sequence_start_event_initialize (&event, NULL, NULL, 1, style);
  emit (writer, &event);
}

void
aak_yaml_begin_list (AakYamlWriter *writer)
{
  begin_list (writer, YAML_BLOCK_SEQUENCE_STYLE);
}

void
aak_yaml_begin_flow_list (AakYamlWriter *writer)
{
  begin_list (writer, YAML_FLOW_SEQUENCE_STYLE);
}

void
aak_yaml_end_list (AakYamlWriter *writer)
{
  yaml_event_t event;
  yaml_sequence_end_event_initialize (&event);
  emit (writer, &event);
}

static void
put_scalar (AakYamlWriter *writer, const char *text, yaml_scalar_style_t style)
{
  yaml_event_t event;
  if (!yaml_scalar_event_initialize (&event, NULL, NULL, (const yaml_char_t *) text,
                                     (int) strlen (text), 1, 1, style))
    g_error ("cannot write YAML: a text is not UTF-8");
  emit (writer, &event);
}

void
aak_yaml_key (AakYamlWriter *writer, const char *key)
{
  put_scalar (writer, key, YAML_PLAIN_SCALAR_STYLE);
}

void
aak_yaml_put_text (AakYamlWriter *writer, const char *text)
{
  put_scalar (writer, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

void
aak_yaml_put_uint (AakYamlWriter *writer, guint64 number)
{
  char digits[24];
  g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
  put_scalar (writer, digits, YAML_PLAIN_SCALAR_STYLE);
}

void
aak_yaml_pair_text (AakYamlWriter *writer, const char *key, const char *text)
{
  aak_yaml_key (writer, key);
  aak_yaml_put_text (writer, text);
}

void
aak_yaml_pair_escaped (AakYamlWriter *writer, const char *key, const char *bytes)
{
  g_autofree char *text = aak_escape (bytes, strlen (bytes));
  aak_yaml_pair_text (writer, key, text);
}

void
aak_yaml_pair_uint (AakYamlWriter *writer, const char *key, guint64 number)
{
  aak_yaml_key (writer, key);
  aak_yaml_put_uint (writer, number);
}
