/* SPDX-License-Identifier: GPL-2.0-or-later
 * The way of a plan into the kernel. */
#include "config.h"

#include "register/apply.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/store.h"
#include "register/commit.h"
#include "register/plan.h"
#include "register/seal.h"
#include "register/seccomp-files.h"
#include "register/texts.h"
#include "register/worn.h"

#include <string.h>

void
aak_apply_options_clear (AakApplyOptions *options)
{
  g_strfreev ((char **) options->rules.adopt);
  options->rules.adopt = NULL;
  g_clear_pointer (&options->inputs, g_free);
  g_clear_pointer (&options->seccomp_dir, g_free);
}

void
aak_apply_options_entries (AakApplyOptions *options, GOptionEntry *entries)
{
  const GOptionEntry all[AAK_APPLY_N_ENTRIES] = {
    { "adopt", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rules.adopt,
      "Take over the loaded profile of this name, which is not aakit's own (any number of times)",
      "NAME" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->rules.force,
      "Take over every profile that is named here, whosoever it is; with --prune, unload also what "
      "tasks wear: they become unconfined",
      NULL },
    { "allow-complain", 0, 0, G_OPTION_ARG_NONE, &options->rules.allow_complain,
      "An enforced profile may become a complaining one", NULL },
    { "prune", 0, 0, G_OPTION_ARG_NONE, &options->rules.prune,
      "Unload the registered profiles that are not named here, unless tasks wear them", NULL },
    { "allow-empty", 0, 0, G_OPTION_ARG_NONE, &options->allow_empty,
      "With --prune: the input may name no profile at all", NULL },
    { "seccomp-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->seccomp_dir,
      "Where the kubelet looks for seccomp profiles (default: " AAK_SECCOMP_DEFAULT_DIR ")",
      "DIR" },
    { "allow-older", 0, 0, G_OPTION_ARG_NONE, &options->rules.allow_older,
      "With --verify-key: take a bundle of a lower serial than what it takes the place of", NULL },
  };
  memcpy (entries, all, sizeof all);
}

/* An input that became empty by mistake must not take everything out. */
static gboolean
check_not_empty (const AakDesired *desired, AakStore *store, const AakApplyOptions *options,
                 GError **error)
{
  guint registered = aak_store_entries (store)->len + aak_store_seccomp (store)->len;
  if (desired->policies->len > 0 || desired->seccomp->len > 0 || registered == 0
      || options->allow_empty)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "the input names no profile, and --prune would unload all %u that are registered: "
               "say --allow-empty if that is meant",
               registered);
  return FALSE;
}

static GPtrArray *
make_plan (AakCli *cli, AakLsm *lsm, const AakDesired *desired, AakStore *store,
           const AakApplyOptions *options, GError **error)
{
  if (options->rules.prune && !check_not_empty (desired, store, options, error))
    return NULL;
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  g_autoptr (AakWorn) worn =
      actual != NULL && options->rules.prune ? aak_worn_look (lsm, error) : NULL;
  if (actual == NULL || (options->rules.prune && worn == NULL))
    return NULL;
  g_autoptr (GHashTable) texts = aak_texts_look (aak_cli_root (cli), desired->policies, store);
  AakPlanInput input = {
    .desired = desired->policies,
    .actual = actual,
    .store = store,
    .texts = texts,
    .worn = worn,
    .rules = options->rules,
  };
  GPtrArray *steps = aak_plan_make (&input);
  if (worn != NULL)
    aak_worn_explain (worn, steps);
  const char *dir = options->seccomp_dir != NULL ? options->seccomp_dir : AAK_SECCOMP_DEFAULT_DIR;
  AakSeccompInput files = {
    .root = aak_cli_root (cli),
    .dir = dir,
    .desired = desired->seccomp,
    .store = store,
    .rules = options->rules,
  };
  aak_seccomp_files_plan (&files, steps);
  return steps;
}

GPtrArray *
aak_apply_plan (AakCli *cli, AakLsm *lsm, const AakDesired *desired, const AakApplyOptions *options,
                GError **error)
{
  g_autoptr (AakStore) store = aak_store_read (aak_cli_root (cli), error);
  GPtrArray *steps = store != NULL ? make_plan (cli, lsm, desired, store, options, error) : NULL;
  if (steps != NULL && aak_texts_are_refused (aak_cli_root (cli)))
    aak_plan_leave_texts (steps);
  return steps;
}

/* Without a seal the next run takes longer, and that is all. */
static void
seal (AakCli *cli, const AakLsm *lsm, const char *moment, const AakApplyOptions *options,
      GPtrArray *steps)
{
  g_autoptr (GError) error = NULL;
  if (options->inputs != NULL && !aak_seal_write (lsm, moment, options, steps, &error))
    aak_cli_note (cli, "the next run will look at everything again: %s", error->message);
}

GPtrArray *
aak_apply_run (AakCli *cli, AakLsm *lsm, const AakDesired *desired, const AakApplyOptions *options,
               guint lock_seconds, GError **error)
{
  if (!aak_lsm_check_privileges (lsm, error))
    return NULL;
  g_auto (AakFd) lock = aak_store_lock (aak_cli_root (cli), lock_seconds, error);
  g_autoptr (AakStore) store = lock >= 0 ? aak_store_read (aak_cli_root (cli), error) : NULL;
  /* What changes the kernel from here on makes it another moment. */
  g_autofree char *moment = options->inputs != NULL ? aak_lsm_moment (lsm) : NULL;
  g_autoptr (GPtrArray) steps =
      store != NULL ? make_plan (cli, lsm, desired, store, options, error) : NULL;
  if (steps == NULL || !aak_commit_run (cli, lsm, steps, store, error))
    return NULL;
  seal (cli, lsm, moment, options, steps);
  return g_steal_pointer (&steps);
}
