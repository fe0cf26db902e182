/* SPDX-License-Identifier: GPL-2.0-or-later
 * A sorted set of containers. */
#include "config.h"

#include "learn/container-facts.h"

#include "lib/escape.h"
#include "lib/table.h"

#include <string.h>

struct AakContainerFacts
{
  GPtrArray *list; /* AakContainerFact*, sorted */
};

/* The flags, by their keys. */
static const struct
{
  const char *key;
  gsize at;
} flags[] = {
  { "no_new_privs", G_STRUCT_OFFSET (AakContainerFact, no_new_privs) },
  { "seccomp", G_STRUCT_OFFSET (AakContainerFact, seccomp) },
  { "readonly_rootfs", G_STRUCT_OFFSET (AakContainerFact, readonly_rootfs) },
};

static gboolean
flag_of (const AakContainerFact *fact, gsize i)
{
  return G_STRUCT_MEMBER (gboolean, fact, flags[i].at);
}

static void
fact_free (gpointer data)
{
  g_free (((AakContainerFact *) data)->container);
  g_free (data);
}

AakContainerFacts *
aak_container_facts_new (void)
{
  AakContainerFacts *facts = g_new (AakContainerFacts, 1);
  facts->list = g_ptr_array_new_with_free_func (fact_free);
  return facts;
}

void
aak_container_facts_free (AakContainerFacts *facts)
{
  g_ptr_array_unref (facts->list);
  g_free (facts);
}

const GPtrArray *
aak_container_facts_list (const AakContainerFacts *facts)
{
  return facts->list;
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare (const AakContainerFact *a, const AakContainerFact *b)
{
  int order = strcmp (a->container, b->container);
  if (order == 0)
    order = compare_numbers (a->uid, b->uid);
  if (order == 0)
    order = compare_numbers (a->holds, b->holds);
  for (gsize i = 0; order == 0 && i < G_N_ELEMENTS (flags); i++)
    order = compare_numbers (flag_of (a, i) != 0, flag_of (b, i) != 0);
  return order;
}

void
aak_container_facts_add (AakContainerFacts *facts, const AakContainerFact *fact)
{
  guint at = 0;
  while (at < facts->list->len && compare (facts->list->pdata[at], fact) < 0)
    at++;
  if (at < facts->list->len && compare (facts->list->pdata[at], fact) == 0)
    return;
  AakContainerFact *added = g_new (AakContainerFact, 1);
  *added = *fact;
  added->container = g_strdup (fact->container);
  g_ptr_array_insert (facts->list, (int) at, added);
}

/* One that only logs refuses nothing. */
static gboolean
is_filter (const char *seccomp_action)
{
  return seccomp_action != NULL && strcmp (seccomp_action, "SCMP_ACT_LOG") != 0;
}

void
aak_container_facts_add_bundle (AakContainerFacts *facts, const char *name,
                                const AakContainerSecurity *security)
{
  const AakContainerFact fact = { .container = (char *) name,
                                  .uid = security->uid,
                                  .holds = security->sets.bounding,
                                  .no_new_privs = security->no_new_privs,
                                  .seccomp = is_filter (security->seccomp_action),
                                  .readonly_rootfs = security->readonly_rootfs };
  aak_container_facts_add (facts, &fact);
}

void
aak_container_facts_merge (AakContainerFacts *facts, const AakContainerFacts *from)
{
  for (guint i = 0; i < from->list->len; i++)
    aak_container_facts_add (facts, from->list->pdata[i]);
}

/* --- in a state ------------------------------------------------------------------------------ */

static void
write_capabilities (AakCapabilitySet set, AakYamlWriter *yaml)
{
  g_autoptr (GPtrArray) names = aak_capability_set_names (set);
  aak_yaml_key (yaml, "capabilities");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < names->len; i++)
    aak_yaml_put_text (yaml, names->pdata[i]);
  aak_yaml_end_list (yaml);
}

void
aak_container_facts_write (const AakContainerFacts *facts, AakYamlWriter *yaml)
{
  if (facts->list->len == 0)
    return;
  aak_yaml_key (yaml, "containers");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < facts->list->len; i++)
    {
      const AakContainerFact *fact = facts->list->pdata[i];
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_escaped (yaml, "container", fact->container);
      aak_yaml_pair_uint (yaml, "uid", fact->uid);
      write_capabilities (fact->holds, yaml);
      for (gsize k = 0; k < G_N_ELEMENTS (flags); k++)
        aak_yaml_pair_uint (yaml, flags[k].key, flag_of (fact, k) ? 1 : 0);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
}

static gboolean
read_capabilities (AakYamlNode node, AakCapabilitySet *out, GError **error)
{
  AakYamlNode list;
  guint length = 0, number = 0;
  if (!aak_yaml_get (node, "capabilities", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      const char *word = aak_yaml_text (item, error);
      if (word == NULL)
        return FALSE;
      g_autofree char *name =
          aak_capability_number (word, &number) ? aak_capability_name (number) : NULL;
      if (g_strcmp0 (name, word) != 0)
        return aak_yaml_error (item, error, "there is no such capability");
      if ((*out >> number & 1) != 0)
        return aak_yaml_error (item, error, "is there twice");
      *out |= G_GUINT64_CONSTANT (1) << number;
    }
  return TRUE;
}

static gboolean
read_values (AakYamlNode node, AakContainerFact *out, GError **error)
{
  guint64 uid = 0, flag = 0;
  if (!aak_yaml_get_uint (node, "uid", &uid, error)
      || !read_capabilities (node, &out->holds, error))
    return FALSE;
  if (uid > G_MAXUINT32)
    return aak_yaml_error (node, error, "uid: no such user");
  out->uid = (guint32) uid;
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (!aak_yaml_get_uint (node, flags[i].key, &flag, error))
        return FALSE;
      if (flag > 1)
        return aak_yaml_error (node, error, "%s: 0 or 1 was expected", flags[i].key);
      G_STRUCT_MEMBER (gboolean, out, flags[i].at) = flag != 0;
    }
  return TRUE;
}

static gboolean
read_fact (AakContainerFacts *facts, AakYamlNode node, GError **error)
{
  static const char *const keys[] = {
    "container", "uid", "capabilities", "no_new_privs", "seccomp", "readonly_rootfs", NULL
  };
  AakContainerFact fact = { 0 };
  const char *name = aak_yaml_get_text (node, "container", error);
  gsize len = 0;
  if (name == NULL || !aak_table_check_keys (node, keys, error)
      || !read_values (node, &fact, error))
    return FALSE;
  g_autofree char *bytes = aak_unescape (name, &len);
  if (bytes == NULL || strlen (bytes) != len)
    return aak_yaml_error (node, error, "container: not an escaped text (\\xNN, and no \\x00)");
  guint before = facts->list->len;
  fact.container = bytes;
  aak_container_facts_add (facts, &fact);
  return facts->list->len > before || aak_yaml_error (node, error, "is there twice");
}

gboolean
aak_container_facts_read (AakContainerFacts *facts, AakYamlNode node, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (node, "containers", &list))
    return TRUE;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_CONTAINER_FACTS_MAX)
    return aak_yaml_error (list, error, "more than %u containers", AAK_CONTAINER_FACTS_MAX);
  for (guint i = 0; i < length; i++)
    if (!read_fact (facts, aak_yaml_item (list, i), error))
      return FALSE;
  return TRUE;
}
