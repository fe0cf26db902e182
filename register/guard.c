/* SPDX-License-Identifier: GPL-2.0-or-later
 * A plan with nothing but the kernel. */
#include "config.h"

#include "register/guard.h"

#include "lib/store.h"
#include "register/plan.h"
#include "register/transaction.h"

static void
drop_refusals (GPtrArray *steps)
{
  for (guint i = steps->len; i > 0; i--)
    if (((const AakStep *) steps->pdata[i - 1])->action == AAK_ACTION_REFUSE)
      g_ptr_array_remove_index (steps, i - 1);
}

GPtrArray *
aak_guard_run (AakCli *cli, AakLsm *lsm, GPtrArray *desired, const AakApplyOptions *options,
               GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return NULL;
  g_autoptr (AakStore) store = aak_store_new (aak_cli_root (cli));
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  AakPlanInput input = {
    .desired = desired,
    .actual = actual,
    .store = store,
    .texts = none,
    .rules = options->rules,
  };
  input.rules.prune = FALSE;
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  drop_refusals (steps);
  g_autoptr (AakUndo) undo = aak_transaction_run (lsm, steps, error);
  return undo != NULL ? g_steal_pointer (&steps) : NULL;
}
