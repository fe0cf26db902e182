/* SPDX-License-Identifier: GPL-2.0-or-later
 * Desired against actual, under the rules of ownership. No input or output here. */
#include "config.h"

#include "register/plan.h"

#include <string.h>

/* The names that aa-learn gives its learning profiles. */
#define LEARNING_PREFIX "k8s-"

static void
step_free (AakStep *step)
{
  aak_policy_unref (step->policy);
  g_free (step->reason);
  g_free (step->hash);
  g_free (step);
}

const char *
aak_action_name (AakAction action)
{
  static const char *const names[] = { "keep", "add", "replace", "refuse" };
  return names[action];
}

/* TRUE where @loaded is @part: the kernel's own hash decides, under the algorithm that it uses. */
static gboolean
is_part (const AakLoaded *loaded, const AakPolicy *policy, const AakBlobProfile *part)
{
  if (loaded == NULL || loaded->hash == NULL || loaded->mode != part->mode)
    return FALSE;
  g_autofree char *algorithm = g_strndup (loaded->hash, strcspn (loaded->hash, ":"));
  g_autofree char *expected = aak_policy_blob_hash (policy->blob, part, algorithm);
  return expected != NULL && strcmp (expected, loaded->hash) == 0;
}

gboolean
aak_plan_holds (GPtrArray *actual, const AakPolicy *policy, char **out_hash, char **out_differs)
{
  for (guint i = 0; i < policy->parts->len; i++)
    {
      const AakBlobProfile *part = policy->parts->pdata[i];
      if (is_part (aak_lsm_find (actual, part->name), policy, part))
        continue;
      if (out_differs != NULL)
        *out_differs = g_strdup (part->name);
      return FALSE;
    }
  if (out_hash != NULL)
    *out_hash = g_strdup (aak_lsm_find (actual, policy->name)->hash);
  return TRUE;
}

/* What aa-learn leaves behind, unless the node has a text of that name. */
static gboolean
is_learning (const AakLoaded *loaded)
{
  return loaded->mode == AAK_MODE_COMPLAIN && g_str_has_prefix (loaded->name, LEARNING_PREFIX);
}

static gboolean
is_guarding (AakMode mode)
{
  return mode == AAK_MODE_ENFORCE || mode == AAK_MODE_KILL;
}

static AakAction
refuse (AakStep *step, char *reason)
{
  step->reason = reason;
  return AAK_ACTION_REFUSE;
}

static AakAction
decide (const AakPlanInput *input, AakStep *step, const AakLoaded *loaded)
{
  const char *name = step->policy->name;
  gboolean adopted = input->force || (input->adopt != NULL && g_strv_contains (input->adopt, name));
  gboolean foreign_text = g_hash_table_contains (input->foreign_texts, name);
  step->owned = adopted || aak_store_owns (input->store, name)
                || (!foreign_text && (loaded == NULL || is_learning (loaded)));

  if (loaded != NULL && aak_plan_holds (input->actual, step->policy, &step->hash, NULL))
    return AAK_ACTION_KEEP;
  if (!step->owned && loaded != NULL)
    return refuse (
        step,
        g_strdup_printf ("a profile of this name is loaded and not aakit's own: take it over with "
                         "--adopt %s",
                         name));
  if (!step->owned)
    return refuse (
        step, g_strdup_printf (
                  "/etc/apparmor.d/%s is there and not aakit's own: take it over with --adopt %s",
                  step->policy->text_name, name));
  if (loaded == NULL)
    return AAK_ACTION_ADD;
  if (is_guarding (loaded->mode) && !is_guarding (step->policy->mode) && !input->allow_complain)
    return refuse (
        step, g_strdup_printf (
                  "this would make an enforced profile %s: say --allow-complain if that is meant",
                  aak_mode_name (step->policy->mode)));
  return AAK_ACTION_REPLACE;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const AakStep *const *left = a, *const *right = b;
  return strcmp ((*left)->policy->name, (*right)->policy->name);
}

GPtrArray *
aak_plan_make (const AakPlanInput *input)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  for (guint i = 0; i < input->desired->len; i++)
    {
      AakStep *step = g_new0 (AakStep, 1);
      step->policy = aak_policy_ref (input->desired->pdata[i]);
      const AakLoaded *loaded = aak_lsm_find (input->actual, step->policy->name);
      step->was_loaded = loaded != NULL;
      step->old_mode = loaded != NULL ? loaded->mode : AAK_MODE_ENFORCE;
      step->action = decide (input, step, loaded);
      g_ptr_array_add (steps, step);
    }
  g_ptr_array_sort (steps, compare_steps);
  return steps;
}

guint
aak_plan_count (GPtrArray *steps, AakAction action)
{
  guint count = 0;
  for (guint i = 0; i < steps->len; i++)
    count += ((const AakStep *) steps->pdata[i])->action == action ? 1 : 0;
  return count;
}
