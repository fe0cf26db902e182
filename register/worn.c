/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looking for tasks, and telling who they are. */
#include "config.h"

#include "register/worn.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/pods.h"
#include "register/plan.h"

#include <string.h>

#define SHOWN_WEARERS 10

static AakWearer *
wearer_copy (const AakWearer *wearer)
{
  AakWearer *copy = g_new0 (AakWearer, 1);
  copy->pid = wearer->pid;
  copy->label = g_strdup (wearer->label);
  copy->comm = g_strdup (wearer->comm);
  return copy;
}

AakWorn *
aak_worn_look (AakLsm *lsm, GError **error)
{
  guint hidden = 0;
  g_autoptr (GPtrArray) tasks = aak_lsm_tasks (lsm, &hidden, error);
  if (tasks == NULL)
    return NULL;
  AakWorn *worn = g_new0 (AakWorn, 1);
  worn->tasks = g_steal_pointer (&tasks);
  worn->root = g_strdup (aak_lsm_root (lsm));
  worn->blind = g_strdup (aak_lsm_blind_spot (aak_lsm_root (lsm)));
  if (worn->blind == NULL && hidden > 0)
    worn->blind = g_strdup_printf ("the labels of %u tasks cannot be read (CAP_DAC_READ_SEARCH may "
                                   "be missing)",
                                   hidden);
  return worn;
}

void
aak_worn_free (AakWorn *worn)
{
  g_ptr_array_unref (worn->tasks);
  g_free (worn->blind);
  g_free (worn->root);
  g_free (worn);
}

GPtrArray *
aak_worn_by (const AakWorn *worn, const char *name)
{
  GPtrArray *wearers = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_wearer_free);
  for (guint i = 0; i < worn->tasks->len; i++)
    {
      const AakWearer *task = worn->tasks->pdata[i];
      if (aak_lsm_label_has (task->label, name))
        g_ptr_array_add (wearers, wearer_copy (task));
    }
  return wearers;
}

gboolean
aak_worn_check (const AakWorn *worn, const char *name, GError **error)
{
  g_autoptr (GPtrArray) wearers = aak_worn_by (worn, name);
  if (wearers->len == 0 && worn->blind == NULL)
    return TRUE;
  const AakWearer *first = wearers->len > 0 ? wearers->pdata[0] : NULL;
  g_autofree char *shown = aak_escape (name, strlen (name));
  if (first != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                 "profile \"%s\" cannot go: pid %u (%s) has come to wear it", shown, first->pid,
                 first->comm);
  else
    g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                 "profile \"%s\" cannot go: whether tasks wear it cannot be known: %s", shown,
                 worn->blind);
  return FALSE;
}

/* --- telling --------------------------------------------------------------------------------- */

static char *
tell_wearers (const AakPods *pods, const GPtrArray *wearers)
{
  g_autofree char *who = aak_pods_describe (pods, wearers, SHOWN_WEARERS);
  return g_strdup_printf ("worn by %u %s: %s", wearers->len, wearers->len == 1 ? "task" : "tasks",
                          who);
}

static void
explain (const AakWorn *worn, const AakPods *pods, AakStep *step)
{
  gboolean is_worn = step->wearers->len > 0;
  g_autofree char *why =
      is_worn ? tell_wearers (pods, step->wearers)
              : g_strdup_printf ("whether tasks wear it cannot be known: %s", worn->blind);
  if (step->action != AAK_ACTION_PRUNE)
    step->reason = g_strdup_printf (
        "%s; they would become unconfined for good (--force unloads it all the same)", why);
  else if (is_worn)
    step->reason = g_strdup_printf ("%s; unconfined for good by this", why);
}

void
aak_worn_explain (const AakWorn *worn, GPtrArray *steps)
{
  AakPods *pods = NULL;
  for (guint i = 0; i < steps->len; i++)
    {
      AakStep *step = steps->pdata[i];
      if (step->wearers == NULL || step->reason != NULL)
        continue;
      if (pods == NULL && step->wearers->len > 0)
        pods = aak_pods_new (worn->root);
      if (step->action != AAK_ACTION_PRUNE || step->wearers->len > 0)
        explain (worn, pods, step);
    }
  g_clear_pointer (&pods, aak_pods_free);
}
