/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding the profiles of children. */
#include "config.h"

#include "learn/coverage-child.h"

#include <string.h>

/* The profile that an exec of @program under @self leads to; NULL where it is refused, or stays. */
static const AakPolicyProfile *
entered_by (const AakPolicySet *set, const AakPolicyProfile *self, const char *program)
{
  AakName path = aak_name (program);
  AakAnswer answer = aak_policy_query_file (self, path, AAK_MAY_EXEC, FALSE);
  g_autofree char *label =
      answer.allowed ? aak_policy_query_exec_label (set, self, path, answer.exec) : NULL;
  const AakPolicyProfile *found = label != NULL ? aak_policy_set_find (set, label) : NULL;
  return found != self ? found : NULL;
}

static const AakPolicyProfile *
named (const AakPolicySet *set, const AakPolicyProfile *self, const char *child)
{
  g_autofree char *label = g_strdup_printf ("%s//%s", self->name, child);
  return aak_policy_set_find (set, label);
}

/* Notes the first profile that is found for @child. */
static void
note (GHashTable *profiles, const char *child, const AakPolicyProfile *profile)
{
  if (profile != NULL && !g_hash_table_contains (profiles, child))
    g_hash_table_insert (profiles, (gpointer) child, (gpointer) profile);
}

GHashTable *
aak_coverage_children (const AakPolicySet *set, const AakPolicyProfile *self,
                       const AakObservations *observations)
{
  GHashTable *profiles = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = g_ptr_array_index (sorted, i);
      if (access->class == AAK_CLASS_EXEC && *access->child == '\0' && *access->detail != '\0')
        note (profiles, access->name, entered_by (set, self, access->detail));
    }
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = g_ptr_array_index (sorted, i);
      if (*access->child != '\0' && !g_hash_table_contains (profiles, access->child))
        note (profiles, access->child, named (set, self, access->child));
    }
  return profiles;
}
