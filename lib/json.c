/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From values to text (RFC 8259). */
#include "config.h"

#include "lib/json.h"

#include "lib/escape.h"

#include <string.h>

#define INDENT 2

struct AakJson
{
  GString *out;
  gboolean one_line;
  guint level;       /* of arrays and objects that were begun */
  gboolean is_first; /* of its array or object, the next value or name */
  gboolean is_named; /* the next value */
};

static AakJson *
new_json (gboolean one_line)
{
  AakJson *json = g_new0 (AakJson, 1);
  json->out = g_string_new (NULL);
  json->one_line = one_line;
  return json;
}

AakJson *
aak_json_new (void)
{
  return new_json (FALSE);
}

AakJson *
aak_json_new_line (void)
{
  return new_json (TRUE);
}

void
aak_json_free (AakJson *json)
{
  g_string_free (json->out, TRUE);
  g_free (json);
}

char *
aak_json_free_to_text (AakJson *json)
{
  char *text = g_string_free (json->out, FALSE);
  g_free (json);
  return text;
}

const char *
aak_json_text (const AakJson *json)
{
  return json->out->str;
}

void
aak_json_clear (AakJson *json)
{
  g_string_truncate (json->out, 0);
  json->level = 0;
  json->is_named = FALSE;
}

/* --- where a value goes ---------------------------------------------------------------------- */

static void
begin_line (AakJson *json)
{
  if (!json->one_line)
    g_string_append_printf (json->out, "\n%*s", (int) (json->level * INDENT), "");
}

/* Before an element of an array, or a name. */
static void
begin_element (AakJson *json)
{
  if (!json->is_first)
    g_string_append_c (json->out, ',');
  json->is_first = FALSE;
  begin_line (json);
}

static void
begin_value (AakJson *json)
{
  if (!json->is_named && json->level > 0)
    begin_element (json);
  json->is_named = FALSE;
}

static void
begin_container (AakJson *json, char bracket)
{
  begin_value (json);
  g_string_append_c (json->out, bracket);
  json->level++;
  json->is_first = TRUE;
}

static void
end_container (AakJson *json, char bracket)
{
  g_return_if_fail (json->level > 0 && !json->is_named);
  json->level--;
  if (!json->is_first)
    begin_line (json);
  json->is_first = FALSE;
  g_string_append_c (json->out, bracket);
}

void
aak_json_begin_object (AakJson *json)
{
  begin_container (json, '{');
}

void
aak_json_end_object (AakJson *json)
{
  end_container (json, '}');
}

void
aak_json_begin_array (AakJson *json)
{
  begin_container (json, '[');
}

void
aak_json_end_array (AakJson *json)
{
  end_container (json, ']');
}

/* --- strings --------------------------------------------------------------------------------- */

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

static void
append_string (GString *out, const char *text)
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

void
aak_json_set_member_name (AakJson *json, const char *name)
{
  g_return_if_fail (json->level > 0 && !json->is_named);
  begin_element (json);
  append_string (json->out, name);
  g_string_append (json->out, json->one_line ? ":" : " : ");
  json->is_named = TRUE;
}

void
aak_json_add_string_value (AakJson *json, const char *text)
{
  begin_value (json);
  append_string (json->out, text);
}

/* --- other values ---------------------------------------------------------------------------- */

void
aak_json_add_int_value (AakJson *json, gint64 value)
{
  begin_value (json);
  g_string_append_printf (json->out, "%" G_GINT64_FORMAT, value);
}

void
aak_json_add_double_value (AakJson *json, double value)
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
  begin_value (json);
  g_string_append (json->out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (json->out, ".0");
}

void
aak_json_add_boolean_value (AakJson *json, gboolean value)
{
  begin_value (json);
  g_string_append (json->out, value ? "true" : "false");
}

void
aak_json_add_null_value (AakJson *json)
{
  begin_value (json);
  g_string_append (json->out, "null");
}

/* --- members --------------------------------------------------------------------------------- */

void
aak_json_add_text (AakJson *json, const char *name, const char *text)
{
  aak_json_set_member_name (json, name);
  if (text != NULL)
    aak_json_add_string_value (json, text);
  else
    aak_json_add_null_value (json);
}

void
aak_json_add_bytes (AakJson *json, const char *name, const char *bytes)
{
  g_autofree char *text = bytes != NULL ? aak_escape (bytes, strlen (bytes)) : NULL;
  aak_json_add_text (json, name, text);
}

void
aak_json_add_uint (AakJson *json, const char *name, guint64 value)
{
  aak_json_set_member_name (json, name);
  aak_json_add_int_value (json, (gint64) MIN (value, (guint64) G_MAXINT64));
}

void
aak_json_add_flag (AakJson *json, const char *name, gboolean value)
{
  aak_json_set_member_name (json, name);
  aak_json_add_boolean_value (json, value);
}

void
aak_json_add_texts (AakJson *json, const char *name, const GPtrArray *texts)
{
  aak_json_set_member_name (json, name);
  aak_json_begin_array (json);
  for (guint i = 0; i < texts->len; i++)
    aak_json_add_string_value (json, texts->pdata[i]);
  aak_json_end_array (json);
}
