/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profile as a list of rules. */
#include "config.h"

#include "learn/profile.h"

void
aak_rule_free (AakRule *rule)
{
  g_free (rule->name);
  g_free (rule->detail);
  g_free (rule->refused);
  g_free (rule);
}

void
aak_child_free (AakChild *child)
{
  g_free (child->name);
  g_ptr_array_unref (child->programs);
  aak_profile_free (child->profile);
  g_free (child);
}

AakChild *
aak_child_new (const char *name, const GPtrArray *programs, AakProfile *profile)
{
  AakChild *child = g_new0 (AakChild, 1);
  child->name = g_strdup (name);
  child->programs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < programs->len; i++)
    g_ptr_array_add (child->programs, g_strdup (g_ptr_array_index (programs, i)));
  child->profile = profile;
  return child;
}

AakProfile *
aak_profile_new (const char *label)
{
  AakProfile *profile = g_new0 (AakProfile, 1);
  profile->label = g_strdup (label);
  profile->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_rule_free);
  profile->children = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_child_free);
  return profile;
}

void
aak_profile_free (AakProfile *profile)
{
  g_free (profile->label);
  g_free (profile->family);
  g_ptr_array_unref (profile->rules);
  g_ptr_array_unref (profile->children);
  g_clear_pointer (&profile->accesses, aak_observations_free);
  g_clear_pointer (&profile->trace, g_array_unref);
  g_free (profile);
}

gboolean
aak_rule_is_active (const AakRule *rule)
{
  return rule->review == NULL && rule->unwritable == NULL && !rule->implied;
}

static gboolean
is_for_review (const AakRule *rule)
{
  return rule->review != NULL && rule->unwritable == NULL;
}

static gboolean
is_denied (const AakRule *rule)
{
  return rule->unwritable != NULL && !rule->unmediated;
}

static gboolean
is_unmediated (const AakRule *rule)
{
  return rule->unmediated;
}

static guint
count (const AakProfile *profile, gboolean (*counts) (const AakRule *rule))
{
  guint n = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    n += counts (g_ptr_array_index (profile->rules, i));
  for (guint i = 0; i < profile->children->len; i++)
    n += count (((const AakChild *) g_ptr_array_index (profile->children, i))->profile, counts);
  return n;
}

guint
aak_profile_count_active (const AakProfile *profile)
{
  return count (profile, aak_rule_is_active);
}

guint
aak_profile_count_review (const AakProfile *profile)
{
  return count (profile, is_for_review);
}

guint
aak_profile_count_unwritable (const AakProfile *profile)
{
  return count (profile, is_denied);
}

guint
aak_profile_count_unmediated (const AakProfile *profile)
{
  return count (profile, is_unmediated);
}
