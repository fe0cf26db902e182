/* SPDX-License-Identifier: GPL-2.0-or-later
 * One write, proof, and removals. */
#include "config.h"

#include "register/transaction.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "register/plan.h"
#include "register/worn.h"

#include <string.h>

/* --- loading --------------------------------------------------------------------------------- */

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
prove_loads (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AakStep *step = steps->pdata[i];
      if (aak_plan_loads (step) && !prove_step (actual, step, error))
        return FALSE;
    }
  return TRUE;
}

/* "profile "a"", or "3 profiles ("a" ...)". */
static char *
tell_loads (guint count, const AakStep *first)
{
  g_autofree char *shown = aak_escape (first->name, strlen (first->name));
  if (count == 1)
    return g_strdup_printf ("profile \"%s\"", shown);
  return g_strdup_printf ("%u profiles (\"%s\" ...)", count, shown);
}

static gboolean
load (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const AakStep *first = NULL;
  guint count = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (!aak_plan_loads (step))
        continue;
      GBytes *blob = step->policy->blob;
      g_byte_array_append (bytes, g_bytes_get_data (blob, NULL), (guint) g_bytes_get_size (blob));
      first = first != NULL ? first : step;
      count++;
    }
  if (count == 0)
    return TRUE;
  g_autoptr (GBytes) all = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  if (aak_lsm_replace (lsm, all, error))
    return prove_loads (lsm, steps, error);
  g_autofree char *what = tell_loads (count, first);
  g_prefix_error (error, "cannot load %s: ", what);
  return FALSE;
}

/* --- unloading ------------------------------------------------------------------------------- */

static gboolean
prove_removals (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_PRUNE || aak_lsm_find (actual, step->name) == NULL)
        continue;
      g_autofree char *shown = aak_escape (step->name, strlen (step->name));
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
                   "profile \"%s\" was removed, but the kernel still holds it", shown);
      return FALSE;
    }
  return TRUE;
}

/* Children before their parents, with which they would go. A task may have come to wear one since
 * the plan was made. */
static gboolean
unload (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  if (aak_plan_count (steps, AAK_ACTION_PRUNE) == 0)
    return TRUE;
  g_autoptr (AakWorn) worn = aak_worn_look (lsm, error);
  if (worn == NULL)
    return FALSE;
  for (guint i = steps->len; i > 0; i--)
    {
      const AakStep *step = steps->pdata[i - 1];
      if (step->action == AAK_ACTION_PRUNE && step->was_loaded
          && ((!step->force && !aak_worn_check (worn, step->name, error))
              || !aak_lsm_remove (lsm, step->name, error)))
        return FALSE;
    }
  return prove_removals (lsm, steps, error);
}

AakUndo *
aak_transaction_run (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (AakUndo) undo = aak_undo_new (lsm, steps, error);
  if (undo == NULL)
    return NULL;
  GError *local = NULL;
  if (load (lsm, steps, &local) && unload (lsm, steps, &local))
    return g_steal_pointer (&undo);
  aak_undo_run (undo, &local);
  g_propagate_error (error, local);
  return NULL;
}
