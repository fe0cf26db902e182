/* SPDX-License-Identifier: GPL-2.0-or-later
 * A table of patterns, and its form in a state. */
#include "config.h"

#include "learn/image-facts.h"

#include "lib/escape.h"
#include "lib/table.h"

#include <string.h>

#define MAX_COUNT (((guint64) 1 << 53) - 1)

struct AakImageFacts
{
  GHashTable *table; /* pattern -> AakImageFact */
};

AakImageFacts *
aak_image_facts_new (void)
{
  AakImageFacts *facts = g_new (AakImageFacts, 1);
  facts->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return facts;
}

void
aak_image_facts_free (AakImageFacts *facts)
{
  g_hash_table_unref (facts->table);
  g_free (facts);
}

guint
aak_image_facts_count (const AakImageFacts *facts)
{
  return g_hash_table_size (facts->table);
}

const AakImageFact *
aak_image_facts_find (const AakImageFacts *facts, const char *pattern)
{
  return g_hash_table_lookup (facts->table, pattern);
}

void
aak_image_facts_add (AakImageFacts *facts, const char *pattern, const AakImageFact *fact)
{
  AakImageFact *known = g_hash_table_lookup (facts->table, pattern);
  if (known == NULL)
    {
      g_hash_table_insert (facts->table, g_strdup (pattern), g_memdup2 (fact, sizeof *fact));
      return;
    }
  known->files = MAX (known->files, fact->files);
  known->sensitive = MAX (known->sensitive, fact->sensitive);
  for (guint use = 0; use < AAK_USES; use++)
    known->seen[use] = MAX (known->seen[use], fact->seen[use]);
}

void
aak_image_facts_merge (AakImageFacts *facts, const AakImageFacts *from)
{
  GHashTableIter iter;
  gpointer pattern, fact;
  g_hash_table_iter_init (&iter, from->table);
  while (g_hash_table_iter_next (&iter, &pattern, &fact))
    aak_image_facts_add (facts, pattern, fact);
}

guint64
aak_image_fact_others (const AakImageFact *fact, AakUse use)
{
  return fact->files - MIN (fact->files, fact->seen[use]);
}

/* --- in a state ------------------------------------------------------------------------------ */

/* The numbers of @fact by their keys. */
typedef struct
{
  const char *key;
  guint64 *number;
} Field;

#define FIELDS 5

static void
list_fields (AakImageFact *fact, Field *out)
{
  const Field fields[FIELDS] = { { "files", &fact->files },
                                 { "read", &fact->seen[AAK_USE_READ] },
                                 { "written", &fact->seen[AAK_USE_WRITE] },
                                 { "executed", &fact->seen[AAK_USE_EXEC] },
                                 { "sensitive", &fact->sensitive } };
  memcpy (out, fields, sizeof fields);
}

void
aak_image_facts_write (const AakImageFacts *facts, AakYamlWriter *yaml)
{
  if (g_hash_table_size (facts->table) == 0)
    return;
  g_autoptr (GList) patterns =
      g_list_sort (g_hash_table_get_keys (facts->table), (GCompareFunc) strcmp);
  aak_yaml_key (yaml, "image");
  aak_yaml_begin_list (yaml);
  for (GList *at = patterns; at != NULL; at = at->next)
    {
      AakImageFact fact = *aak_image_facts_find (facts, at->data);
      Field fields[FIELDS];
      list_fields (&fact, fields);
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_escaped (yaml, "pattern", at->data);
      for (gsize i = 0; i < FIELDS; i++)
        if (*fields[i].number > 0)
          aak_yaml_pair_uint (yaml, fields[i].key, *fields[i].number);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
}

static gboolean
read_numbers (AakYamlNode node, AakImageFact *fact, GError **error)
{
  Field fields[FIELDS];
  AakYamlNode unused;
  list_fields (fact, fields);
  for (gsize i = 0; i < FIELDS; i++)
    {
      guint64 limit = i == 0 ? MAX_COUNT : fact->files;
      if (!aak_yaml_find (node, fields[i].key, &unused))
        continue;
      if (!aak_yaml_get_uint (node, fields[i].key, fields[i].number, error))
        return FALSE;
      if (*fields[i].number == 0 || *fields[i].number > limit)
        return aak_yaml_error (node, error, "%s: from 1 up to the number of files", fields[i].key);
    }
  return fact->files > 0 || aak_yaml_error (node, error, "files: a number was expected");
}

static gboolean
read_fact (AakImageFacts *facts, AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "pattern",  "files",     "read", "written",
                                      "executed", "sensitive", NULL };
  const char *text = aak_yaml_get_text (node, "pattern", error);
  AakImageFact fact = { 0 };
  gsize len = 0;
  if (text == NULL || !aak_table_check_keys (node, keys, error)
      || !read_numbers (node, &fact, error))
    return FALSE;
  g_autofree char *pattern = aak_unescape (text, &len);
  if (pattern == NULL || strlen (pattern) != len || *pattern != '/')
    return aak_yaml_error (node, error, "pattern: none of a path");
  if (aak_image_facts_find (facts, pattern) != NULL)
    return aak_yaml_error (node, error, "the pattern is there twice");
  aak_image_facts_add (facts, pattern, &fact);
  return TRUE;
}

gboolean
aak_image_facts_read (AakImageFacts *facts, AakYamlNode node, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (node, "image", &list))
    return TRUE;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_IMAGE_FACTS_MAX)
    return aak_yaml_error (list, error, "more than %u patterns", AAK_IMAGE_FACTS_MAX);
  for (guint i = 0; i < length; i++)
    if (!read_fact (facts, aak_yaml_item (list, i), error))
      return FALSE;
  return TRUE;
}
