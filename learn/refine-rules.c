/* SPDX-License-Identifier: GPL-2.0-or-later
 * Chooses rules by what is lacked. */
#include "config.h"

#include "learn/refine-rules.h"

#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/rule-line.h"
#include "learn/writable.h"

#include <string.h>

void
aak_lack_init (AakLack *lack, guint n)
{
  lack->n = n;
  lack->lacked = g_new0 (guint, n);
  lack->granted = g_new0 (guint, n);
  lack->left = g_new0 (guint, n);
  lack->varies = g_new0 (gboolean, n);
}

void
aak_lack_clear (AakLack *lack)
{
  g_free (lack->lacked);
  g_free (lack->granted);
  g_free (lack->left);
  g_free (lack->varies);
}

/* --- choosing -------------------------------------------------------------------------------- */

/* TRUE where @rule is for what is done with addresses, too, which its permissions do not say. */
static gboolean
is_of_addresses (const AakRule *rule)
{
  return rule->class == AAK_CLASS_NETWORK && (rule->addressed || rule->perms == 0);
}

/* The part of @lacked that @rule is for. */
static guint
part_of (const AakRule *rule, guint lacked)
{
  return lacked == AAK_LACK_ALL || is_of_addresses (rule) ? lacked : lacked & rule->perms;
}

/* Notes for the rule of @trace what it is needed for. */
static void
note_need (GHashTable *needs, const AakTrace *trace, AakLack *lack, guint index)
{
  AakRule *rule = trace->rule;
  guint part = part_of (rule, lack->lacked[index]);
  /* The one for its family and type is for it, then. */
  if (rule->class == AAK_CLASS_INET && rule->unmediated)
    return;
  if (part == 0)
    return;
  guint perms = part == AAK_LACK_ALL || is_of_addresses (rule) ? rule->perms : part;
  guint needed = GPOINTER_TO_UINT (g_hash_table_lookup (needs, rule));
  g_hash_table_insert (needs, rule, GUINT_TO_POINTER (needed | perms | AAK_LACK_ALL));
  /* Braces in a name are escaped. */
  if (strstr (rule->name, "@{") != NULL || strstr (rule->detail, "@{") != NULL)
    lack->varies[index] = rule->class == AAK_CLASS_FILE;
  lack->reviewed = lack->reviewed || rule->review != NULL;
  if (lack->trial)
    rule->review = NULL;
  /* The base need not have the runtime block that every learned profile begins with. */
  rule->implied = FALSE;
  *(aak_rule_is_active (rule) ? &lack->granted[index] : &lack->left[index]) |= part;
}

/* What is asked of each rule: AAK_LACK_ALL, and permissions. */
static GHashTable *
find_needs (const AakObservations *observations, const GArray *traces, AakLack *lack)
{
  GHashTable *needs = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0, at = 0; i < sorted->len; i++)
    for (; at < traces->len && g_array_index (traces, AakTrace, at).access == sorted->pdata[i];
         at++)
      note_need (needs, &g_array_index (traces, AakTrace, at), lack, i);
  return needs;
}

AakProfile *
aak_refine_rules (const AakObservations *observations, const AakObservations *whole, gboolean exact,
                  AakLack *lack)
{
  g_autoptr (GArray) traces = NULL;
  AakProfile *profile = aak_generalise_part (observations, whole, exact, &traces);
  profile->joins = TRUE;
  /* What the base's abi does not mediate is not lacked. */
  aak_writable_set_abi (profile, lack->abi);
  lack->reviewed = FALSE;
  memset (lack->granted, 0, lack->n * sizeof *lack->granted);
  memset (lack->left, 0, lack->n * sizeof *lack->left);
  memset (lack->varies, 0, lack->n * sizeof *lack->varies);
  g_autoptr (GHashTable) needs = find_needs (observations, traces, lack);
  for (guint i = profile->rules->len; i-- > 0;)
    {
      AakRule *rule = profile->rules->pdata[i];
      guint needed = GPOINTER_TO_UINT (g_hash_table_lookup (needs, rule));
      if (needed == 0)
        g_ptr_array_remove_index (profile->rules, i);
      else
        rule->perms = needed & ~AAK_LACK_ALL;
    }
  return profile;
}

/* --- text ------------------------------------------------------------------------------------ */

/* Replaces the variables in *@pattern. Escaped names have none: their braces are escaped. */
static gboolean
expand (char **pattern)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean found = FALSE;
  for (const char *p = *pattern; *p != '\0';)
    {
      const char *end = g_str_has_prefix (p, "@{") ? strchr (p, '}') : NULL;
      g_autofree char *name = end != NULL ? g_strndup (p, (gsize) (end + 1 - p)) : NULL;
      const char *value = name != NULL ? aak_profile_variable (name) : NULL;
      if (value != NULL)
        g_string_append (out, value);
      else
        g_string_append_c (out, *p);
      found = found || value != NULL;
      p = value != NULL ? end + 1 : p + 1;
    }
  g_free (*pattern);
  *pattern = g_string_free (g_steal_pointer (&out), FALSE);
  return found;
}

gboolean
aak_refine_expand (AakProfile *profile)
{
  gboolean found = FALSE;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakRule *rule = profile->rules->pdata[i];
      if (rule->class != AAK_CLASS_FILE)
        continue;
      gboolean in_name = expand (&rule->name), in_detail = expand (&rule->detail);
      found = found || in_name || in_detail;
    }
  return found;
}

GPtrArray *
aak_refine_lines (const AakProfile *profile)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < profile->rules->len; i++)
    g_ptr_array_add (lines, aak_rule_line (profile->rules->pdata[i], AAK_EVIDENCE_ALWAYS));
  return lines;
}
