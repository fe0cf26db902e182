/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Getting at the tables, and reading their parts. */
#include "config.h"

#include "lib/table.h"

#include "lib/escape.h"
#include "lib/table-files.h"

#include <string.h>

gboolean
aak_table_is_id (const char *text)
{
  gsize len = strlen (text);
  return g_ascii_islower (*text) && len <= AAK_TABLE_ID_MAX
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

gboolean
aak_table_is_line (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isprint (*p) || *p == '#')
      return FALSE;
  return *text != '\0';
}

GBytes *
aak_table_text (const char *name)
{
  for (gsize i = 0; i < aak_table_files_n; i++)
    if (strcmp (aak_table_files[i].name, name) == 0)
      return g_bytes_new_static (aak_table_files[i].bytes, aak_table_files[i].len);
  g_error ("the program does not carry the table %s", name);
}

gboolean
aak_table_texts (AakYamlNode entry, const char *key, char ***out, GError **error)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  AakYamlNode list;
  guint length = 0;
  if (aak_yaml_find (entry, key, &list) && !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      const char *text = aak_yaml_text (item, error);
      if (text == NULL)
        return FALSE;
      if (*text == '\0')
        return aak_yaml_error (item, error, "an empty text matches nothing, or everything");
      g_strv_builder_add (texts, text);
    }
  *out = g_strv_builder_end (texts);
  return TRUE;
}

gboolean
aak_table_check_keys (AakYamlNode entry, const char *const *keys, GError **error)
{
  AakYamlNode unknown;
  const char *word = aak_yaml_find_other (entry, keys, &unknown);
  if (word == NULL)
    return TRUE;
  g_autofree char *shown = aak_escape (word, strlen (word));
  return aak_yaml_error (unknown, error, "the key '%s' is not known here", shown);
}
