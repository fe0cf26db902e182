/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register apply and diff: desired, actual -> plan -> transaction -> texts and store. */
#include "config.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/store.h"
#include "register/cmd.h"
#include "register/desired.h"
#include "register/plan.h"
#include "register/report.h"
#include "register/texts.h"
#include "register/transaction.h"

#define LOCK_SECONDS 10

typedef struct
{
  gboolean dry_run;
  gboolean force;
  gboolean allow_complain;
  char **adopt;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->adopt);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, gboolean acting, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry common[] = {
    { "adopt", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->adopt,
      "Take over the loaded profile of this name, which is not aakit's own (any number of times)",
      "NAME" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options->force,
      "Take over every profile that is named here, whosoever it is", NULL },
    { "allow-complain", 0, 0, G_OPTION_ARG_NONE, &options->allow_complain,
      "An enforced profile may become a complaining one", NULL },
    /* Last, so that diff can leave it out. */
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
      "Show what would be done, and do nothing", NULL },
    { NULL },
  };
  GOptionEntry entries[G_N_ELEMENTS (common)] = { 0 };
  for (guint i = 0; i < (acting ? G_N_ELEMENTS (common) : G_N_ELEMENTS (common) - 2); i++)
    entries[i] = common[i];
  if (!aak_cli_parse (cli, entries, "PATH...",
                      acting ? "  aa-register bundle/\n  aa-register --dry-run bundle/\n  "
                               "aa-register profiles/k8s-web"
                             : "  aa-register diff bundle/",
                      argc, argv, error))
    return FALSE;
  if (*argc >= 2)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "name a bundle, a profile text, or a directory of them");
  return FALSE;
}

static GPtrArray *
make_plan (AakCli *cli, AakLsm *lsm, GPtrArray *desired, AakStore *store, const Options *options,
           GError **error)
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

static gboolean
install_texts (AakCli *cli, GPtrArray *steps, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->owned && !aak_texts_install (aak_cli_root (cli), step->policy, error))
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

static int
apply (AakCli *cli, GPtrArray *desired, const Options *options, gboolean act, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  if (lsm == NULL)
    return AAK_EXIT_FAILED;
  g_auto (AakFd) lock = act ? aak_store_lock (aak_cli_root (cli), LOCK_SECONDS, error) : -1;
  g_autoptr (AakStore) store =
      lock >= 0 || !act ? aak_store_read (aak_cli_root (cli), error) : NULL;
  g_autoptr (GPtrArray) steps =
      store != NULL ? make_plan (cli, lsm, desired, store, options, error) : NULL;
  if (steps == NULL)
    return AAK_EXIT_FAILED;
  if (act && (!check_refusals (steps, error) || !carry_out (cli, lsm, steps, store, error)))
    return AAK_EXIT_FAILED;
  aak_report_steps (cli, steps, act);
  return aak_plan_count (steps, AAK_ACTION_KEEP) == steps->len || act ? AAK_EXIT_OK
                                                                      : AAK_EXIT_FINDING;
}

int
aak_cmd_apply (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, TRUE, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (GPtrArray) desired = aak_desired_read (cli, (const char *const *) argv + 1, error);
  if (desired == NULL)
    return AAK_EXIT_FAILED;
  int code = apply (cli, desired, &options, !options.dry_run, error);
  return code == AAK_EXIT_FINDING ? AAK_EXIT_OK
                                  : code; /* a dry run that would do something is no finding */
}

int
aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, FALSE, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (GPtrArray) desired = aak_desired_read (cli, (const char *const *) argv + 1, error);
  return desired != NULL ? apply (cli, desired, &options, FALSE, error) : AAK_EXIT_FAILED;
}
