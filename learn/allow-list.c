/* SPDX-License-Identifier: GPL-2.0-or-later
 * A sorted set of ids. */
#include "config.h"

#include "learn/allow-list.h"

#include "lib/table.h"

#include <string.h>

struct AakAllowList
{
  GPtrArray *ids; /* char*, sorted */
};

AakAllowList *
aak_allow_list_new (void)
{
  AakAllowList *list = g_new0 (AakAllowList, 1);
  list->ids = g_ptr_array_new_with_free_func (g_free);
  return list;
}

void
aak_allow_list_free (AakAllowList *list)
{
  g_ptr_array_unref (list->ids);
  g_free (list);
}

/* The index of the first id that is not before @id. */
static guint
place_of (const AakAllowList *list, const char *id)
{
  guint i = 0;
  while (i < list->ids->len && strcmp (list->ids->pdata[i], id) < 0)
    i++;
  return i;
}

gboolean
aak_allow_list_has (const AakAllowList *list, const char *id)
{
  guint place = place_of (list, id);
  return place < list->ids->len && strcmp (list->ids->pdata[place], id) == 0;
}

void
aak_allow_list_add (AakAllowList *list, const char *id)
{
  if (!aak_allow_list_has (list, id))
    g_ptr_array_insert (list->ids, (int) place_of (list, id), g_strdup (id));
}

void
aak_allow_list_merge (AakAllowList *list, const AakAllowList *from)
{
  for (guint i = 0; i < from->ids->len; i++)
    aak_allow_list_add (list, from->ids->pdata[i]);
}

const GPtrArray *
aak_allow_list_ids (const AakAllowList *list)
{
  return list->ids;
}

void
aak_allow_list_write (const AakAllowList *list, AakYamlWriter *yaml)
{
  if (list->ids->len == 0)
    return;
  aak_yaml_key (yaml, "allow");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < list->ids->len; i++)
    aak_yaml_put_text (yaml, list->ids->pdata[i]);
  aak_yaml_end_list (yaml);
}

gboolean
aak_allow_list_read (AakAllowList *list, AakYamlNode node, GError **error)
{
  AakYamlNode ids;
  guint length = 0;
  if (!aak_yaml_find (node, "allow", &ids))
    return TRUE;
  if (!aak_yaml_length (ids, &length, error))
    return FALSE;
  if (length > AAK_ALLOW_MAX)
    return aak_yaml_error (ids, error, "more than %u ids", AAK_ALLOW_MAX);
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (ids, i);
      const char *id = aak_yaml_text (item, error);
      if (id == NULL)
        return FALSE;
      if (!aak_table_is_id (id))
        return aak_yaml_error (item, error, "not an id: lower case letters, digits and \"-\"");
      if (aak_allow_list_has (list, id))
        return aak_yaml_error (item, error, "%s is there twice", id);
      aak_allow_list_add (list, id);
    }
  return TRUE;
}
