/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A key and its value. */
#include "config.h"

#include "lib/json.h"

#include "lib/escape.h"

#include <string.h>

void
aak_json_add_text (JsonBuilder *json, const char *key, const char *text)
{
  json_builder_set_member_name (json, key);
  if (text != NULL)
    json_builder_add_string_value (json, text);
  else
    json_builder_add_null_value (json);
}

void
aak_json_add_bytes (JsonBuilder *json, const char *key, const char *bytes)
{
  g_autofree char *text = bytes != NULL ? aak_escape (bytes, strlen (bytes)) : NULL;
  aak_json_add_text (json, key, text);
}

void
aak_json_add_uint (JsonBuilder *json, const char *key, guint64 value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_int_value (json, (gint64) MIN (value, (guint64) G_MAXINT64));
}

void
aak_json_add_flag (JsonBuilder *json, const char *key, gboolean value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_boolean_value (json, value);
}

void
aak_json_add_texts (JsonBuilder *json, const char *key, const GPtrArray *texts)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_array (json);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (json, texts->pdata[i]);
  json_builder_end_array (json);
}
