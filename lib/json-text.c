/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From nodes to text. */
#include "config.h"

#include "lib/json-text.h"

#include <string.h>

#define INDENT 2

static void append_node (GString *out, JsonNode *node, guint level);

/* --- values ---------------------------------------------------------------------------------- */

/* What a string holds as it is: all but quotes, backslashes and control characters. */
static gboolean
is_plain (char c)
{
  return (guchar) c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void
append_escape (GString *out, char c)
{
  static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
  for (const char *p = letters; *p != '\0'; p += 2)
    if (*p == c)
      {
        g_string_append_c (out, '\\');
        g_string_append_c (out, p[1]);
        return;
      }
  g_string_append_printf (out, "\\u%04x", (guint) (guchar) c);
}

void
aak_json_append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0';)
    {
      gsize len = 0;
      while (p[len] != '\0' && is_plain (p[len]))
        len++;
      g_string_append_len (out, p, (gssize) len);
      p += len;
      if (*p != '\0')
        append_escape (out, *p++);
    }
  g_string_append_c (out, '"');
}

static void
append_double (GString *out, double value)
{
  /* 15 digits are kept by every double, 17 keep every double. */
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, sizeof text, formats[i], value);
      double same = g_ascii_strtod (text, NULL);
      if (memcmp (&same, &value, sizeof same) == 0)
        break;
    }
  g_string_append (out, text);
  if (strpbrk (text, ".en") == NULL)
    g_string_append (out, ".0");
}

static void
append_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    aak_json_append_string (out, json_node_get_string (node));
  else if (type == G_TYPE_DOUBLE)
    append_double (out, json_node_get_double (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

/* --- what holds others ----------------------------------------------------------------------- */

static void
begin_line (GString *out, guint level)
{
  g_string_append_printf (out, "\n%*s", (int) (level * INDENT), "");
}

static void
append_array (GString *out, JsonArray *array, guint level)
{
  guint length = json_array_get_length (array);
  g_string_append_c (out, '[');
  for (guint i = 0; i < length; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      begin_line (out, level + 1);
      append_node (out, json_array_get_element (array, i), level + 1);
    }
  if (length > 0)
    begin_line (out, level);
  g_string_append_c (out, ']');
}

static void
append_object (GString *out, JsonObject *object, guint level)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *value = NULL;
  gboolean any = FALSE;
  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_string_append (out, any ? "," : "");
      any = TRUE;
      begin_line (out, level + 1);
      aak_json_append_string (out, name);
      g_string_append (out, " : ");
      append_node (out, value, level + 1);
    }
  if (any)
    begin_line (out, level);
  g_string_append_c (out, '}');
}

static void
append_node (GString *out, JsonNode *node, guint level)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      append_object (out, json_node_get_object (node), level);
      break;
    case JSON_NODE_ARRAY:
      append_array (out, json_node_get_array (node), level);
      break;
    case JSON_NODE_VALUE:
      append_value (out, node);
      break;
    case JSON_NODE_NULL:
      g_string_append (out, "null");
      break;
    }
}

char *
aak_json_text (JsonNode *root)
{
  GString *out = g_string_new (NULL);
  append_node (out, root, 0);
  return g_string_free (out, FALSE);
}
