/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading the list of public data. */
#include "config.h"

#include "learn/public-list.h"

#include "learn/event.h"
#include "lib/table.h"

#include <string.h>

static void
public_free (gpointer data)
{
  AakPublicData *entry = data;
  g_free (entry->id);
  g_free (entry->why);
  g_strfreev (entry->below);
  g_strfreev (entry->becomes);
  g_strfreev (entry->stays);
  g_free (entry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPublicData, public_free)

static gboolean
read_perms (AakYamlNode node, AakPublicData *entry, GError **error)
{
  const char *perms = aak_yaml_get_text (node, "perms", error);
  const char *count = perms != NULL ? aak_yaml_get_text (node, "count", error) : NULL;
  if (count == NULL)
    return FALSE;
  if (strcmp (perms, "r") != 0 && strcmp (perms, "rm") != 0)
    return aak_yaml_error (node, error, "perms: %s is neither r nor rm", perms);
  if (strcmp (count, "files") != 0 && strcmp (count, "names") != 0)
    return aak_yaml_error (node, error, "count: %s is neither files nor names", count);
  entry->perms = AAK_PERM_R | (perms[1] == 'm' ? AAK_PERM_M : 0);
  entry->names = strcmp (count, "names") == 0;
  return TRUE;
}

static gboolean
check (AakYamlNode node, const AakPublicData *entry, GError **error)
{
  for (char **dir = entry->below; *dir != NULL; dir++)
    if (**dir != '/' || strlen (*dir) < 2 || !g_str_has_suffix (*dir, "/")
        || strpbrk (*dir, "\\*?[]{}@^\"") != NULL)
      return aak_yaml_error (node, error, "below: %s is no plain directory with its slash", *dir);
  if (!aak_table_is_id (entry->id))
    return aak_yaml_error (node, error, "id: lower case letters, digits and \"-\"");
  return (*entry->below != NULL && *entry->becomes != NULL && *entry->stays != NULL)
         || aak_yaml_error (node, error, "below, becomes and stays need an item each");
}

static AakPublicData *
read_entry (AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "id",    "why",     "source", "below", "perms",
                                      "count", "becomes", "stays",  NULL };
  g_autoptr (AakPublicData) entry = g_new0 (AakPublicData, 1);
  if (!aak_table_check_keys (node, keys, error)
      || (entry->id = g_strdup (aak_yaml_get_text (node, "id", error))) == NULL
      || (entry->why = g_strdup (aak_yaml_get_text (node, "why", error))) == NULL
      || aak_yaml_get_text (node, "source", error) == NULL || !read_perms (node, entry, error)
      || !aak_table_texts (node, "below", &entry->below, error)
      || !aak_table_texts (node, "becomes", &entry->becomes, error)
      || !aak_table_texts (node, "stays", &entry->stays, error) || !check (node, entry, error))
    return NULL;
  return g_steal_pointer (&entry);
}

GPtrArray *
aak_public_list_read (AakYamlNode root, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (public_free);
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (root, "public", &list, error) || !aak_yaml_length (list, &length, error))
    return NULL;
  if (length > AAK_PUBLIC_MAX)
    {
      aak_yaml_error (list, error, "more than %u entries", AAK_PUBLIC_MAX);
      return NULL;
    }
  for (guint i = 0; i < length; i++)
    {
      AakPublicData *entry = read_entry (aak_yaml_item (list, i), error);
      if (entry == NULL)
        return NULL;
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}
