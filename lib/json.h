/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Members of a JSON object that was begun. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

/* @text: UTF-8, or NULL for null. */
void aak_json_add_text (JsonBuilder *json, const char *key, const char *text);
/* @bytes: any, which are escaped (lib/escape.h), or NULL for null. */
void aak_json_add_bytes (JsonBuilder *json, const char *key, const char *bytes);
/* What is beyond the largest number of JSON readers, G_MAXINT64, is that. */
void aak_json_add_uint (JsonBuilder *json, const char *key, guint64 value);
void aak_json_add_flag (JsonBuilder *json, const char *key, gboolean value);
/* @texts: UTF-8. */
void aak_json_add_texts (JsonBuilder *json, const char *key, const GPtrArray *texts);
