/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Members, one behind the other. */
#include "config.h"

#include "lib/json-line.h"

#include "lib/escape.h"
#include "lib/json-text.h"

#include <string.h>

static void
append_key (GString *line, const char *key)
{
  if (line->len > 0 && line->str[line->len - 1] != '{')
    g_string_append_c (line, ',');
  g_string_append_c (line, '"');
  g_string_append (line, key);
  g_string_append (line, "\":");
}

void
aak_json_line_text (GString *line, const char *key, const char *text)
{
  append_key (line, key);
  aak_json_append_string (line, text);
}

void
aak_json_line_bytes (GString *line, const char *key, const char *bytes)
{
  g_autofree char *text = aak_escape (bytes, strlen (bytes));
  aak_json_line_text (line, key, text);
}

void
aak_json_line_flag (GString *line, const char *key, gboolean value)
{
  append_key (line, key);
  g_string_append (line, value ? "true" : "false");
}
