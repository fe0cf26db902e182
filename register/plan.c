/* SPDX-License-Identifier: GPL-2.0-or-later
 * Desired against actual, under the rules of ownership. No input or output here. */
#include "config.h"

#include "register/plan.h"

#include "register/texts.h"

#include <string.h>

/* The names that aa-learn gives its learning profiles. */
#define LEARNING_PREFIX "k8s-"

static void
step_free (AakStep *step)
{
  g_clear_pointer (&step->policy, aak_policy_unref);
  g_clear_pointer (&step->file, aak_seccomp_file_unref);
  g_free (step->dir);
  g_free (step->name);
  g_clear_pointer (&step->wearers, g_ptr_array_unref);
  g_free (step->reason);
  g_free (step->hash);
  g_free (step);
}

const char *
aak_action_name (AakAction action)
{
  static const char *const names[] = { "keep", "add", "replace", "refuse", "prune", "worn" };
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

gboolean
aak_plan_adopts (const AakPlanRules *rules, const char *name)
{
  return rules->force || (rules->adopt != NULL && g_strv_contains (rules->adopt, name));
}

/* --- what is desired ------------------------------------------------------------------------- */

static AakTextState
text_state (const AakPlanInput *input, const char *name)
{
  return (AakTextState) GPOINTER_TO_INT (g_hash_table_lookup (input->texts, name));
}

/* What becomes of the copy of a step's text, where the step is carried out. */
static AakAction
decide_text (const AakPlanInput *input, const AakStep *step)
{
  AakTextState state = text_state (input, step->name);
  if (!step->owned || step->policy->text == NULL || state == AAK_TEXT_SAME)
    return AAK_ACTION_KEEP;
  return state == AAK_TEXT_MISSING ? AAK_ACTION_ADD : AAK_ACTION_REPLACE;
}

/* A signed bundle of a lower serial than one before it may be an old one that somebody put there,
 * whose signature is still good; also where its content is what is loaded, since the rest of it may
 * not be. */
static gboolean
is_older (const AakPlanInput *input, const AakStep *step)
{
  const AakStoreEntry *entry = aak_store_find (input->store, step->name);
  return !input->rules.allow_older && step->policy->verified && entry != NULL
         && step->policy->serial < entry->serial;
}

static AakAction
refuse_older (const AakPlanInput *input, AakStep *step)
{
  const AakStoreEntry *entry = aak_store_find (input->store, step->name);
  return refuse (
      step, g_strdup_printf ("the bundle has serial %" G_GUINT64_FORMAT
                             ", which is older than that of what is registered, %" G_GUINT64_FORMAT
                             ": say --allow-older if that is meant",
                             step->policy->serial, entry->serial));
}

static AakAction
decide (const AakPlanInput *input, AakStep *step, const AakLoaded *loaded)
{
  const char *name = step->name;
  gboolean adopted = aak_plan_adopts (&input->rules, name);
  gboolean foreign_text = text_state (input, name) == AAK_TEXT_FOREIGN;
  step->owned = adopted || aak_store_owns (input->store, name)
                || (!foreign_text && (loaded == NULL || is_learning (loaded)));

  if (is_older (input, step))
    return refuse_older (input, step);
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
  if (is_guarding (loaded->mode) && !is_guarding (step->policy->mode)
      && !input->rules.allow_complain)
    return refuse (
        step, g_strdup_printf (
                  "this would make an enforced profile %s: say --allow-complain if that is meant",
                  aak_mode_name (step->policy->mode)));
  return AAK_ACTION_REPLACE;
}

static AakStep *
step_new (const AakPlanInput *input, const char *name)
{
  AakStep *step = g_new0 (AakStep, 1);
  const AakLoaded *loaded = aak_lsm_find (input->actual, name);
  step->name = g_strdup (name);
  step->was_loaded = loaded != NULL;
  step->old_mode = loaded != NULL ? loaded->mode : AAK_MODE_ENFORCE;
  return step;
}

/* --- what goes ------------------------------------------------------------------------------- */

/* The step that unloads @name; where tasks wear it, or may, and that is not forced, @otherwise. */
static AakStep *
going (const AakPlanInput *input, const char *name, AakAction otherwise)
{
  AakStep *step = step_new (input, name);
  step->owned = TRUE;
  step->force = input->rules.force;
  step->wearers = aak_worn_by (input->worn, name);
  gboolean safe = step->wearers->len == 0 && (input->worn->blind == NULL || !step->was_loaded);
  step->action = safe || input->rules.force ? AAK_ACTION_PRUNE : otherwise;
  return step;
}

/* TRUE where @loaded is a child that its desired parent, @step's, has no more: a profile that takes
 * the place of another inherits those of its children that it does not bring itself
 * (security/apparmor/policy.c, __replace_profile()). */
static gboolean
is_stale_child (const AakStep *step, const AakLoaded *loaded)
{
  gsize len = strlen (step->name);
  if (!step->owned || strncmp (loaded->name, step->name, len) != 0
      || !g_str_has_prefix (loaded->name + len, "//"))
    return FALSE;
  for (guint i = 0; i < step->policy->parts->len; i++)
    if (strcmp (((const AakBlobProfile *) step->policy->parts->pdata[i])->name, loaded->name) == 0)
      return FALSE;
  return TRUE;
}

static void
add_stale_children (const AakPlanInput *input, GPtrArray *steps, guint n_desired)
{
  for (guint i = 0; i < input->actual->len; i++)
    {
      const AakLoaded *loaded = input->actual->pdata[i];
      for (guint j = 0; strstr (loaded->name, "//") != NULL && j < n_desired; j++)
        if (is_stale_child (steps->pdata[j], loaded))
          g_ptr_array_add (steps, going (input, loaded->name, AAK_ACTION_WORN));
    }
}

/* TRUE where every desired profile is of a signed bundle that is older than @entry: what that
 * bundle does not name may be newer than itself. */
static gboolean
is_newer (const AakPlanInput *input, const AakStoreEntry *entry)
{
  for (guint i = 0; i < input->desired->len; i++)
    {
      const AakPolicy *policy = input->desired->pdata[i];
      if (!policy->verified || policy->serial >= entry->serial)
        return FALSE;
    }
  return input->desired->len > 0 && !input->rules.allow_older;
}

static AakStep *
prune (const AakPlanInput *input, const AakStoreEntry *entry)
{
  AakStep *step = going (input, entry->name, AAK_ACTION_WORN);
  if (is_newer (input, entry))
    step->action = refuse (
        step, g_strdup_printf ("it is registered from a newer bundle, of serial %" G_GUINT64_FORMAT
                               ": say --allow-older if it shall go",
                               entry->serial));
  return step;
}

static void
add_prunes (const AakPlanInput *input, GPtrArray *steps)
{
  guint n_desired = steps->len;
  g_autoptr (GHashTable) desired = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n_desired; i++)
    g_hash_table_add (desired, ((AakStep *) steps->pdata[i])->name);
  GPtrArray *entries = aak_store_entries (input->store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreEntry *entry = entries->pdata[i];
      if (!g_hash_table_contains (desired, entry->name))
        g_ptr_array_add (steps, prune (input, entry));
    }
  add_stale_children (input, steps, n_desired);
}

/* --- plans ----------------------------------------------------------------------------------- */

static gboolean
is_going (const AakStep *step)
{
  return step->policy == NULL;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const AakStep *const *left = a, *const *right = b;
  if (is_going (*left) != is_going (*right))
    return is_going (*left) ? 1 : -1;
  return strcmp ((*left)->name, (*right)->name);
}

GPtrArray *
aak_plan_make (const AakPlanInput *input)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  for (guint i = 0; i < input->desired->len; i++)
    {
      AakPolicy *policy = input->desired->pdata[i];
      AakStep *step = step_new (input, policy->name);
      step->policy = aak_policy_ref (policy);
      step->action = decide (input, step, aak_lsm_find (input->actual, policy->name));
      step->text = decide_text (input, step);
      g_ptr_array_add (steps, step);
    }
  if (input->rules.prune)
    add_prunes (input, steps);
  g_ptr_array_sort (steps, compare_steps);
  return steps;
}

/* TRUE where @names[@i] was named before. */
static gboolean
is_earlier (const char *const *names, guint i)
{
  for (guint j = 0; j < i; j++)
    if (strcmp (names[j], names[i]) == 0)
      return TRUE;
  return FALSE;
}

GPtrArray *
aak_plan_remove (const AakPlanInput *input, const char *const *names)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (is_earlier (names, i))
        continue;
      AakStep *step = going (input, names[i], AAK_ACTION_REFUSE);
      if (!aak_store_owns (input->store, names[i]) && !input->rules.force)
        {
          g_free (step->reason);
          step->action =
              refuse (step, g_strdup ("not aakit's own (--force removes it all the same)"));
        }
      g_ptr_array_add (steps, step);
    }
  g_ptr_array_sort (steps, compare_steps);
  return steps;
}

GPtrArray *
aak_plan_of_kind (GPtrArray *steps, AakKind kind)
{
  GPtrArray *some = g_ptr_array_new ();
  for (guint i = 0; i < steps->len; i++)
    if (((const AakStep *) steps->pdata[i])->kind == kind)
      g_ptr_array_add (some, steps->pdata[i]);
  return some;
}

gboolean
aak_plan_is_desired (const AakStep *step)
{
  return step->policy != NULL || step->file != NULL;
}

/* --- asking ---------------------------------------------------------------------------------- */

guint
aak_plan_count (GPtrArray *steps, AakAction action)
{
  guint count = 0;
  for (guint i = 0; i < steps->len; i++)
    count += ((const AakStep *) steps->pdata[i])->action == action ? 1 : 0;
  return count;
}

gboolean
aak_plan_loads (const AakStep *step)
{
  return step->action == AAK_ACTION_ADD || step->action == AAK_ACTION_REPLACE;
}

guint
aak_plan_changes (GPtrArray *steps)
{
  return aak_plan_count (steps, AAK_ACTION_ADD) + aak_plan_count (steps, AAK_ACTION_REPLACE)
         + aak_plan_count (steps, AAK_ACTION_PRUNE);
}

gboolean
aak_plan_mends_text (const AakStep *step)
{
  return step->action == AAK_ACTION_KEEP && step->text != AAK_ACTION_KEEP;
}

guint
aak_plan_mended_texts (GPtrArray *steps)
{
  guint count = 0;
  for (guint i = 0; i < steps->len; i++)
    count += aak_plan_mends_text (steps->pdata[i]) ? 1 : 0;
  return count;
}

void
aak_plan_leave_texts (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    ((AakStep *) steps->pdata[i])->text = AAK_ACTION_KEEP;
}

AakMode
aak_plan_mode (const AakStep *step)
{
  return step->policy != NULL ? step->policy->mode : step->old_mode;
}

const char *
aak_plan_what (const AakStep *step)
{
  return step->kind == AAK_KIND_SECCOMP ? "seccomp" : aak_mode_name (aak_plan_mode (step));
}
