/* SPDX-License-Identifier: GPL-2.0-or-later
 * Children of a base by another hand. */
#include "config.h"

#include "learn/refine-children.h"

#include "learn/child-profile.h"
#include "learn/child-split.h"
#include "learn/coverage-child.h"
#include "learn/profile-writer.h"
#include "learn/refine-rules.h"
#include "learn/rule-text.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/policy/query.h"

#include <string.h>

void
aak_refined_children_clear (AakRefinedChildren *children)
{
  g_clear_pointer (&children->base, aak_base_free);
  g_clear_pointer (&children->observations, aak_observations_free);
  g_clear_pointer (&children->children, g_ptr_array_unref);
  g_clear_pointer (&children->why, g_free);
}

/* --- which ----------------------------------------------------------------------------------- */

/* TRUE where the base says nothing of executing @program. */
static gboolean
is_open (const AakBase *base, const char *program)
{
  const AakPolicyProfile *profile = aak_base_text (base)->profile;
  for (int owner = 0; owner < 2; owner++)
    {
      AakAnswer answer =
          aak_policy_query_file (profile, aak_name (program), AAK_MAY_EXEC, owner != 0);
      if (answer.allowed || (answer.quiet & AAK_MAY_EXEC) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_wanted (const AakBase *base, const AakChild *child)
{
  g_autofree char *label = g_strconcat (aak_base_label (base), "//", child->name, NULL);
  if (aak_policy_set_find (aak_base_text (base)->set, label) != NULL)
    return FALSE;
  for (guint i = 0; i < child->programs->len; i++)
    if (!is_open (base, child->programs->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Moves the children of @profile that @base is to get. */
static GPtrArray *
take_wanted (const AakBase *base, AakProfile *profile)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_child_free);
  for (guint i = 0; i < profile->children->len;)
    if (is_wanted (base, profile->children->pdata[i]))
      g_ptr_array_add (wanted, g_ptr_array_steal_index (profile->children, i));
    else
      i++;
  return wanted;
}

/* --- whose accesses -------------------------------------------------------------------------- */

/* @observations with the names that @base has for the children that its execs lead to: several can
 * have become one. */
static AakObservations *
rename_children (const AakBase *base, const AakObservations *observations)
{
  const AakBaseText *text = aak_base_text (base);
  g_autofree char *prefix = g_strconcat (aak_base_label (base), "//", NULL);
  g_autoptr (GHashTable) found = aak_coverage_children (text->set, text->profile, observations);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer child, profile;
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &child, &profile))
    {
      const char *label = ((const AakPolicyProfile *) profile)->name;
      if (g_str_has_prefix (label, prefix))
        g_hash_table_insert (names, child, (char *) label + strlen (prefix));
    }
  return aak_child_rename (observations, names);
}

/* --- text ------------------------------------------------------------------------------------ */

/* The rules of the profile itself: for its programs, and for what it and its children do to each
 * other, which the kernel tells of the label as a whole. */
static GPtrArray *
parent_lines (const AakBase *base, const GPtrArray *children)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *family = aak_rule_family_token (aak_base_label (base));
  g_ptr_array_add (lines, g_strdup_printf ("signal (send, receive) peer=%s,", family));
  g_ptr_array_add (lines, g_strdup_printf ("ptrace (read, readby) peer=%s,", family));
  for (guint i = 0; i < children->len; i++)
    {
      const AakChild *child = children->pdata[i];
      for (guint k = 0; k < child->programs->len; k++)
        g_ptr_array_add (lines, aak_profile_program_rule (child, child->programs->pdata[k]));
    }
  return lines;
}

/* The base need not have the variables of learned profiles. */
static char *
profiles_text (const GPtrArray *children)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < children->len; i++)
    {
      const AakChild *child = children->pdata[i];
      aak_writable_set_abi (child->profile, AAK_ABI_4_0);
      aak_refine_expand (child->profile);
      child->profile->joins = TRUE;
      g_autofree char *one = aak_profile_child_text (child);
      g_string_append (text, one);
    }
  return g_string_free (text, FALSE);
}

gboolean
aak_refine_children (const AakBase *base, const AakObservations *observations, gboolean exact,
                     AakRefinedChildren *out, GError **error)
{
  g_autoptr (GArray) unused = NULL;
  g_autoptr (GError) local = NULL;
  out->observations = rename_children (base, observations);
  out->children = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_child_free);
  if (!aak_observations_has_children (observations))
    return TRUE;
  g_autoptr (AakProfile) profile = aak_generalise_children (observations, exact, &unused);
  g_autoptr (GPtrArray) children = take_wanted (base, profile);
  if (children->len == 0)
    return TRUE;
  g_autoptr (GPtrArray) lines = parent_lines (base, children);
  g_autofree char *text = profiles_text (children);
  g_autoptr (AakBase) next = aak_base_add_children (base, lines, text, children->len, &local);
  if (next == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_POLICY))
    {
      out->why = g_strdup (local->message);
      return TRUE;
    }
  if (next == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_clear_pointer (&out->observations, aak_observations_free);
  out->observations = rename_children (next, observations);
  out->base = g_steal_pointer (&next);
  g_ptr_array_unref (out->children);
  out->children = g_steal_pointer (&children);
  return TRUE;
}
