/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing and checking detached signatures. */
#include "config.h"

#include "lib/signature.h"

#include "lib/base64.h"
#include "lib/error.h"

#include <sodium.h>
#include <string.h>

#define SCHEMA     "aakit/signature/1"
#define ALGORITHM  "ed25519"
#define MAX_LINES  64
#define BASE64_LEN 88 /* of 64 bytes */

/* --- writing --------------------------------------------------------------------------------- */

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const AakSignKey *const *left = a, *const *right = b;
  return strcmp (aak_sign_key_public (*left)->id, aak_sign_key_public (*right)->id);
}

GBytes *
aak_signature_make (GPtrArray *keys, GBytes *message)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_ptr_array_extend (sorted, keys, NULL, NULL);
  g_ptr_array_sort (sorted, compare_keys);
  g_autoptr (GString) text = g_string_new (SCHEMA "\n");
  for (guint i = 0; i < sorted->len; i++)
    {
      if (i > 0 && compare_keys (&sorted->pdata[i - 1], &sorted->pdata[i]) == 0)
        continue;
      guint8 signature[AAK_SIGNATURE_SIZE];
      aak_sign_key_sign (sorted->pdata[i], message, signature);
      g_autofree char *base64 = g_base64_encode (signature, sizeof signature);
      g_string_append_printf (text, ALGORITHM " %s %s\n",
                              aak_sign_key_public (sorted->pdata[i])->id, base64);
    }
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* --- reading --------------------------------------------------------------------------------- */

/* A line of the file. */
typedef struct
{
  char id[AAK_VERIFY_KEY_ID_LEN + 1];
  guint8 signature[AAK_SIGNATURE_SIZE];
} Line;

static gboolean
parse_line (const char *text, Line *line)
{
  const char *id = text + strlen (ALGORITHM " "), *base64 = id + AAK_VERIFY_KEY_ID_LEN + 1;
  if (strlen (text) != (gsize) (base64 - text) + BASE64_LEN
      || !g_str_has_prefix (text, ALGORITHM " ")
      || strspn (id, "0123456789abcdef") != AAK_VERIFY_KEY_ID_LEN || base64[-1] != ' ')
    return FALSE;
  memcpy (line->id, id, AAK_VERIFY_KEY_ID_LEN);
  line->id[AAK_VERIFY_KEY_ID_LEN] = '\0';
  return aak_base64_decode (base64, BASE64_LEN, NULL, line->signature, sizeof line->signature);
}

/* The lines of @text, ids ascending (of Line); NULL where it is anything else. */
static GArray *
parse (GBytes *text)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  if (len == 0 || len > AAK_SIGNATURE_MAX || data[len - 1] != '\n'
      || memchr (data, '\0', len) != NULL)
    return NULL;
  g_autofree char *copy = g_strndup (data, len - 1);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", MAX_LINES + 2);
  guint n = g_strv_length (lines);
  if (n < 2 || n > MAX_LINES + 1 || strcmp (lines[0], SCHEMA) != 0)
    return NULL;
  g_autoptr (GArray) parsed = g_array_new (FALSE, TRUE, sizeof (Line));
  for (guint i = 1; i < n; i++)
    {
      Line line;
      if (!parse_line (lines[i], &line)
          || (i > 1 && strcmp (g_array_index (parsed, Line, i - 2).id, line.id) >= 0))
        return NULL;
      g_array_append_val (parsed, line);
    }
  return g_steal_pointer (&parsed);
}

static const AakVerifyKey *
find_key (GPtrArray *keys, const char *id)
{
  for (guint i = 0; i < keys->len; i++)
    if (strcmp (((const AakVerifyKey *) keys->pdata[i])->id, id) == 0)
      return keys->pdata[i];
  return NULL;
}

static gboolean
set_unknown (const char *what, const GArray *lines, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", g_array_index (lines, Line, i).id);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: signed by %s, none of which is a key that is given to verify with", what,
               ids->str);
  return FALSE;
}

gboolean
aak_signature_check (const char *what, GBytes *signatures, GBytes *message, GPtrArray *keys,
                     GError **error)
{
  g_autoptr (GArray) lines = parse (signatures);
  if (lines == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s.sig: not a signature of aakit", what);
      return FALSE;
    }
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (message, &len);
  const char *refused = NULL;
  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);
      const AakVerifyKey *key = find_key (keys, line->id);
      if (key == NULL)
        continue;
      if (crypto_sign_verify_detached (line->signature, data, len, key->bytes) == 0)
        return TRUE;
      refused = line->id;
    }
  if (refused == NULL)
    return set_unknown (what, lines, error);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: is not what key %s has signed: it was altered", what, refused);
  return FALSE;
}
