/* SPDX-License-Identifier: GPL-2.0-or-later
 * The way of a plan into the kernel. */
#include "config.h"

#include "register/apply.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/store.h"
#include "register/plan.h"
#include "register/texts.h"
#include "register/transaction.h"

#include <string.h>

void
aak_apply_options_clear (AakApplyOptions *options)
{
  g_clear_pointer (&options->adopt, g_strfreev);
}

void
aak_apply_options_entries (AakApplyOptions *options, GOptionEntry *entries)
{
  const GOptionEntry all[AAK_APPLY_N_ENTRIES] = {
    { "adopt", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->adopt,
      "Take over the loaded profile of this name, which is not aakit's own (any number of times)",
      "NAME" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force,
      "Take over every profile that is named here, whosoever it is", NULL },
    { "allow-complain", 0, 0, G_OPTION_ARG_NONE, &options->allow_complain,
      "An enforced profile may become a complaining one", NULL },
  };
  memcpy (entries, all, sizeof all);
}

static GPtrArray *
make_plan (AakCli *cli, AakLsm *lsm, GPtrArray *desired, AakStore *store,
           const AakApplyOptions *options, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return NULL;
  g_autoptr (GHashTable) foreign = aak_texts_foreign (aak_cli_root (cli), desired, store);
  AakPlanInput input = {
    .desired = desired,
    .actual = actual,
    .store = store,
    .foreign_texts = foreign,
    .adopt = (const char *const *) options->adopt,
    .force = options->force,
    .allow_complain = options->allow_complain,
  };
  return aak_plan_make (&input);
}

GPtrArray *
aak_apply_plan (AakCli *cli, AakLsm *lsm, GPtrArray *desired, const AakApplyOptions *options,
                GError **error)
{
  g_autoptr (AakStore) store = aak_store_read (aak_cli_root (cli), error);
  return store != NULL ? make_plan (cli, lsm, desired, store, options, error) : NULL;
}

/* --- acting ---------------------------------------------------------------------------------- */

/* One refusal refuses all: a bundle is applied whole or not at all. */
static gboolean
check_refusals (GPtrArray *steps, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action == AAK_ACTION_REFUSE)
        g_string_append_printf (text, "%sprofile \"%s\": %s", text->len > 0 ? "\n" : "",
                                step->policy->name, step->reason);
    }
  if (text->len == 0)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY, "%s\nnothing was changed", text->str);
  return FALSE;
}

/* Notes the owned profiles in @store and writes it. */
static gboolean
note_ownership (AakStore *store, GPtrArray *steps, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->owned)
        aak_store_put (store, step->policy);
    }
  return aak_store_write (store, error);
}

/* Who may not write texts, another user than root or one with a read-only /etc, registers all the
 * same, and is told what that means. */
static gboolean
leave_texts (AakCli *cli, GPtrArray *steps)
{
  if (!aak_texts_are_refused (aak_cli_root (cli)))
    return FALSE;
  if (aak_plan_count (steps, AAK_ACTION_KEEP) < steps->len)
    aak_cli_warn (cli, "no texts are kept in /etc/apparmor.d, which this user may not write: "
                       "aa-remove-unknown would unload the profiles");
  return TRUE;
}

static gboolean
install_texts (AakCli *cli, GPtrArray *steps, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      g_autoptr (GError) local = NULL;
      if (!step->owned || aak_texts_install (aak_cli_root (cli), step->policy, &local))
        continue;
      if (leave_texts (cli, steps))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

/* Ownership goes to the disk first: a run that is killed after the kernel has taken the policy
 * finds it to be its own. */
static gboolean
carry_out (AakCli *cli, AakLsm *lsm, GPtrArray *steps, AakStore *store, GError **error)
{
  g_autoptr (AakStore) before = aak_store_read (aak_cli_root (cli), error);
  if (before == NULL || !note_ownership (store, steps, error))
    return FALSE;
  if (aak_transaction_run (lsm, steps, error))
    return install_texts (cli, steps, error);
  g_autoptr (GError) local = NULL;
  if (!aak_store_write (before, &local))
    aak_cli_warn (cli, "what was registered before cannot be written back: %s", local->message);
  return FALSE;
}

GPtrArray *
aak_apply_run (AakCli *cli, AakLsm *lsm, GPtrArray *desired, const AakApplyOptions *options,
               guint lock_seconds, GError **error)
{
  if (!aak_lsm_check_privileges (lsm, error))
    return NULL;
  g_auto (AakFd) lock = aak_store_lock (aak_cli_root (cli), lock_seconds, error);
  g_autoptr (AakStore) store = lock >= 0 ? aak_store_read (aak_cli_root (cli), error) : NULL;
  g_autoptr (GPtrArray) steps =
      store != NULL ? make_plan (cli, lsm, desired, store, options, error) : NULL;
  if (steps == NULL || !check_refusals (steps, error) || !carry_out (cli, lsm, steps, store, error))
    return NULL;
  return g_steal_pointer (&steps);
}
