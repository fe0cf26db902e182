/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From text to objects. */
#include "config.h"

#include "lib/json-read.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

/* Go's numbers go up to 2^64 - 1 (a resource limit that is none), which jansson has no integer for:
 * hence reals. */
#define FLAGS JSON_DECODE_INT_AS_REAL

/* A copy of @text with another escape in the place of every \u0000. */
static GString *
without_nuls (const char *text, gsize len)
{
  GString *out = g_string_new_len (text, (gssize) len);
  for (char *at = strchr (out->str, '\\'); at != NULL; at = strchr (at, '\\'))
    {
      if (g_str_has_prefix (at, "\\u0000"))
        memcpy (at, "\\u001a", strlen ("\\u001a"));
      at += at[1] != '\0' ? 2 : 1;
    }
  return out;
}

json_t *
aak_json_read (const char *name, GBytes *text, GError **error)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  json_error_t where = { .text = "" };
  g_autoptr (GString) safe = without_nuls (data, len);
  json_auto_t *root = json_loadb (safe->str, safe->len, FLAGS, &where);
  if (root == NULL)
    {
      g_autofree char *why = aak_escape (where.text, strlen (where.text));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%d:%d: %s", name, where.line,
                   where.column, why);
      return NULL;
    }
  if (!json_is_object (root))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not a JSON object", name);
      return NULL;
    }
  return g_steal_pointer (&root);
}

const char *
aak_json_member_text (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}
