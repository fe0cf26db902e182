/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares message queues of System V: their names are keys, four bytes each. */
#include "config.h"

#include "lib/policy/excess-class.h"

#include "lib/policy/excess-plain.h"
#include "lib/policy/names.h"

#define KEY_SIZE 4

/* The nodes that one more byte leads to; the caller drops the set. */
static GHashTable *
next_nodes (const AakPolicyProduct *product, GHashTable *nodes)
{
  GHashTable *next = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer node = NULL;
  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    {
      guint n = 0;
      const AakPolicyEdge *edges = aak_policy_product_edges (product, GPOINTER_TO_UINT (node), &n);
      for (guint i = 0; i < n; i++)
        g_hash_table_add (next, GUINT_TO_POINTER (edges[i].to));
    }
  return next;
}

/* All permissions that are in excess for any key: rules may also match what is shorter or longer,
 * which nobody asks about. */
static guint32
excess_of_keys (const AakPolicyProduct *product)
{
  g_autoptr (GHashTable) nodes = g_hash_table_new (NULL, NULL);
  g_hash_table_add (nodes, GUINT_TO_POINTER (0));
  for (guint i = 0; i < KEY_SIZE && product->nodes->len > 0; i++)
    {
      g_autoptr (GHashTable) before = nodes;
      nodes = next_nodes (product, before);
    }
  guint32 perms = 0;
  GHashTableIter iter;
  gpointer node = NULL;
  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    perms |= (guint32) aak_policy_product_node (product, GPOINTER_TO_UINT (node))
                 ->excess[AAK_EXCESS_ALLOWED];
  return perms;
}

gboolean
aak_excess_sysv (AakExcessComparison *c, GError **error)
{
  static const char word[] = "mqueue";
  AakPolicySide one = aak_excess_side (c->profile, AAK_POLICY_CLASS_SYSV_MQUEUE),
                other = aak_excess_side (c->other, AAK_POLICY_CLASS_SYSV_MQUEUE);
  if (other.db == NULL)
    return TRUE; /* what it does not mediate, it allows */
  g_autoptr (AakPolicyProduct) product =
      aak_policy_product_new (aak_policy_shape_sysv (), one, other, error);
  if (product == NULL)
    return FALSE;
  guint32 perms = excess_of_keys (product);
  if (perms == 0)
    return TRUE;
  g_autofree char *words = aak_policy_perms_text (AAK_PERM_WORDS_MQUEUE, perms);
  if (one.db == NULL)
    aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, word, g_strdup ("mqueue type=sysv"))
        ->unmediated = TRUE;
  else
    aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, word,
                    g_strdup_printf ("mqueue (%s) type=sysv, some keys", words));
  return TRUE;
}
