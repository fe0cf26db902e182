/* SPDX-License-Identifier: GPL-2.0-or-later
 * One write, proof, and the way back. */
#include "config.h"

#include "register/transaction.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "register/plan.h"

#include <string.h>

/* What was loaded before: one for each changed step. */
typedef struct
{
  const AakStep *step;
  char *hash;  /* that the kernel showed, NULL where it was not loaded or shows none */
  GBytes *raw; /* what brings it back, NULL where the kernel keeps none */
} Before;

static void
before_free (Before *before)
{
  g_free (before->hash);
  g_clear_pointer (&before->raw, g_bytes_unref);
  g_free (before);
}

static gboolean
is_change (const AakStep *step)
{
  return step->action == AAK_ACTION_ADD || step->action == AAK_ACTION_REPLACE;
}

/* Notes what is loaded under the names of the changed steps. */
static GPtrArray *
remember (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) before_free);
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (!is_change (step))
        continue;
      Before *before = g_new0 (Before, 1);
      const AakLoaded *loaded = aak_lsm_find (actual, step->policy->name);
      before->step = step;
      before->hash = loaded != NULL ? g_strdup (loaded->hash) : NULL;
      before->raw = loaded != NULL ? aak_lsm_raw (lsm, loaded) : NULL;
      g_ptr_array_add (all, before);
    }
  return all;
}

static GBytes *
concatenate (GPtrArray *all, GBytes *(*get) (const Before *) )
{
  GByteArray *bytes = g_byte_array_new ();
  for (guint i = 0; i < all->len; i++)
    {
      GBytes *part = get (all->pdata[i]);
      if (part != NULL)
        g_byte_array_append (bytes, g_bytes_get_data (part, NULL), (guint) g_bytes_get_size (part));
    }
  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
new_bytes (const Before *before)
{
  return before->step->policy->blob;
}

static GBytes *
old_bytes (const Before *before)
{
  return before->raw;
}

/* --- the way back ---------------------------------------------------------------------------- */

static gboolean
is_as_before (GPtrArray *actual, const Before *before)
{
  const AakLoaded *loaded = aak_lsm_find (actual, before->step->policy->name);
  if (loaded == NULL || !before->step->was_loaded)
    return loaded == NULL && !before->step->was_loaded;
  return g_strcmp0 (loaded->hash, before->hash) == 0 && loaded->mode == before->step->old_mode;
}

/* The names that are not as they were, or NULL where all are; "?" where the kernel cannot
 * be read. */
static char *
name_differences (AakLsm *lsm, GPtrArray *all)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, NULL);
  if (actual == NULL)
    return g_strdup ("?");
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < all->len; i++)
    {
      const Before *before = all->pdata[i];
      if (!is_as_before (actual, before))
        g_string_append_printf (names, "%s\"%s\"", names->len > 0 ? ", " : "",
                                before->step->policy->name);
    }
  return names->len > 0 ? g_strdup (names->str) : NULL;
}

/* Takes a profile that was not there before out again, unless a task wears it by now: it would
 * become unconfined. */
static void
take_out (AakLsm *lsm, const char *name)
{
  g_autoptr (GPtrArray) wearers = aak_lsm_wearers (lsm, name, NULL);
  if (wearers == NULL || wearers->len > 0)
    return;
  g_autoptr (GError) ignored = NULL; /* what is still there is reported by its name */
  if (!aak_lsm_remove (lsm, name, &ignored))
    return;
}

/* Restores what was there, as far as it can be; adds to @error what the kernel holds now. */
static void
roll_back (AakLsm *lsm, GPtrArray *all, GError **error)
{
  g_autofree char *differ = name_differences (lsm, all);
  if (differ != NULL)
    {
      g_autoptr (GBytes) old = concatenate (all, old_bytes);
      g_autoptr (GError) ignored = NULL; /* the names that differ are reported below */
      if (g_bytes_get_size (old) > 0 && !aak_lsm_replace (lsm, old, &ignored))
        g_clear_error (&ignored);
      for (guint i = 0; i < all->len; i++)
        {
          const Before *before = all->pdata[i];
          if (!before->step->was_loaded)
            take_out (lsm, before->step->policy->name);
        }
    }
  g_autofree char *left = name_differences (lsm, all);
  g_autofree char *message =
      left == NULL ? g_strdup_printf ("%s; the kernel holds what it held before", (*error)->message)
                   : g_strdup_printf ("%s; the kernel does NOT hold what it held before: %s",
                                      (*error)->message, left);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

/* --- forward --------------------------------------------------------------------------------- */

static gboolean
prove_step (GPtrArray *actual, AakStep *step, GError **error)
{
  g_autofree char *differs = NULL;
  if (aak_plan_holds (actual, step->policy, &step->hash, &differs))
    return TRUE;
  const AakLoaded *loaded = aak_lsm_find (actual, differs);
  g_autofree char *shown = aak_escape (differs, strlen (differs));
  g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
               "profile \"%s\" was accepted by the kernel, but is not what it holds now (%s, %s)",
               shown, loaded != NULL ? aak_mode_name (loaded->mode) : "not loaded",
               loaded != NULL && loaded->hash != NULL ? loaded->hash : "no hash");
  return FALSE;
}

static gboolean
prove (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AakStep *step = steps->pdata[i];
      if (is_change (step) && !prove_step (actual, step, error))
        return FALSE;
    }
  return TRUE;
}

static char *
name_changes (GPtrArray *all)
{
  const Before *first = all->pdata[0];
  if (all->len == 1)
    return g_strdup_printf ("profile \"%s\"", first->step->policy->name);
  return g_strdup_printf ("%u profiles (\"%s\" ...)", all->len, first->step->policy->name);
}

gboolean
aak_transaction_run (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  if (aak_plan_count (steps, AAK_ACTION_ADD) + aak_plan_count (steps, AAK_ACTION_REPLACE) == 0)
    return TRUE;
  g_autoptr (GPtrArray) all = remember (lsm, steps, error);
  if (all == NULL)
    return FALSE;

  GError *local = NULL;
  g_autoptr (GBytes) fresh = concatenate (all, new_bytes);
  if (!aak_lsm_replace (lsm, fresh, &local))
    {
      g_autofree char *what = name_changes (all);
      g_prefix_error (&local, "cannot load %s: ", what);
    }
  else if (prove (lsm, steps, &local))
    return TRUE;
  roll_back (lsm, all, &local);
  g_propagate_error (error, local);
  return FALSE;
}
