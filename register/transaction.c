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

/* The blobs of @steps, which all load something, in one piece of memory. What was read into one
 * (lib/bundle.h) is not copied. */
static GBytes *
join_blobs (GPtrArray *steps)
{
  gsize total = 0;
  gboolean joined = TRUE;
  const guint8 *first = NULL;
  for (guint i = 0; i < steps->len; i++)
    {
      gsize len = 0;
      const guint8 *data =
          g_bytes_get_data (((const AakStep *) steps->pdata[i])->policy->blob, &len);
      first = i == 0 ? data : first;
      joined = joined && data == first + total;
      total += len;
    }
  if (joined)
    return g_bytes_new_static (first, total);
  guint8 *all = g_malloc (total), *next = all;
  for (guint i = 0; i < steps->len; i++)
    {
      gsize len = 0;
      const guint8 *data =
          g_bytes_get_data (((const AakStep *) steps->pdata[i])->policy->blob, &len);
      memcpy (next, data, len);
      next += len;
    }
  return g_bytes_new_take (all, total);
}

static gboolean
load (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) loading = g_ptr_array_new ();
  for (guint i = 0; i < steps->len; i++)
    if (aak_plan_loads (steps->pdata[i]))
      g_ptr_array_add (loading, steps->pdata[i]);
  if (loading->len == 0)
    return TRUE;
  g_autoptr (GBytes) all = join_blobs (loading);
  if (aak_lsm_replace (lsm, all, error))
    return prove_loads (lsm, steps, error);
  g_autofree char *what = tell_loads (loading->len, loading->pdata[0]);
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
