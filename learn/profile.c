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

AakProfile *
aak_profile_new (const char *label)
{
  AakProfile *profile = g_new0 (AakProfile, 1);
  profile->label = g_strdup (label);
  profile->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_rule_free);
  return profile;
}

void
aak_profile_free (AakProfile *profile)
{
  g_free (profile->label);
  g_ptr_array_unref (profile->rules);
  g_free (profile);
}

gboolean
aak_rule_is_active (const AakRule *rule)
{
  return rule->review == NULL && rule->unwritable == NULL && !rule->implied;
}

guint
aak_profile_count_active (const AakProfile *profile)
{
  guint n = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    n += aak_rule_is_active (g_ptr_array_index (profile->rules, i));
  return n;
}

guint
aak_profile_count_review (const AakProfile *profile)
{
  guint n = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      n += rule->review != NULL && rule->unwritable == NULL;
    }
  return n;
}

guint
aak_profile_count_unwritable (const AakProfile *profile)
{
  guint n = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      n += rule->unwritable != NULL && !rule->unmediated;
    }
  return n;
}

guint
aak_profile_count_unmediated (const AakProfile *profile)
{
  guint n = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    n += ((const AakRule *) g_ptr_array_index (profile->rules, i))->unmediated;
  return n;
}
