/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register apply and diff: desired, actual -> plan -> transaction -> texts and store. */
#include "config.h"

#include "lib/error.h"
#include "register/apply.h"
#include "register/cmd.h"
#include "register/desired.h"
#include "register/inputs.h"
#include "register/plan.h"
#include "register/report.h"
#include "register/seal.h"

#define LOCK_SECONDS 10

typedef struct
{
  AakApplyOptions apply;
  AakDesiredOptions desired;
  gboolean dry_run; /* of apply */
  gboolean texts;   /* of diff */
} Options;

static void
options_clear (Options *options)
{
  aak_apply_options_clear (&options->apply);
  aak_desired_options_clear (&options->desired);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The option that only one of the verbs has. */
static GOptionEntry
own_option (Options *options, gboolean acting)
{
  GOptionEntry dry_run = { "dry-run",
                           'n',
                           0,
                           G_OPTION_ARG_NONE,
                           &options->dry_run,
                           "Show what would be done, and do nothing",
                           NULL };
  GOptionEntry texts = { "texts",
                         0,
                         0,
                         G_OPTION_ARG_NONE,
                         &options->texts,
                         "With --json: also the lines of the texts that would change",
                         NULL };
  return acting ? dry_run : texts;
}

static gboolean
parse (AakCli *cli, gboolean acting, Options *options, int *argc, char ***argv, GError **error)
{
  GOptionEntry entries[AAK_APPLY_N_ENTRIES + AAK_DESIRED_N_ENTRIES + 2] = { 0 };
  aak_apply_options_entries (&options->apply, entries);
  aak_desired_options_entries (&options->desired, entries + AAK_APPLY_N_ENTRIES);
  entries[AAK_APPLY_N_ENTRIES + AAK_DESIRED_N_ENTRIES] = own_option (options, acting);
  if (!aak_cli_parse (cli, entries, "PATH...",
                      acting ? "  aa-register bundle/\n  aa-register --dry-run bundle/\n  "
                               "aa-register profiles/k8s-web\n  "
                               "aa-register --verify-key pipeline.pub bundle/"
                             : "  aa-register diff bundle/",
                      argc, argv, error))
    return FALSE;
  if (options->texts && !aak_cli_json (cli))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--texts needs --json");
      return FALSE;
    }
  if (*argc >= 2)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "name a bundle, a profile text, compiled policy, or a directory of them");
  return FALSE;
}

static int
apply (AakCli *cli, const AakDesired *desired, const Options *options, gboolean act, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  if (lsm == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (GPtrArray) steps =
      act ? aak_apply_run (cli, lsm, desired, &options->apply, LOCK_SECONDS, error)
          : aak_apply_plan (cli, lsm, desired, &options->apply, error);
  if (steps == NULL)
    return AAK_EXIT_FAILED;
  if (!options->texts)
    aak_report_steps (cli, steps, act);
  else if (!aak_report_plan_texts (cli, steps, error))
    return AAK_EXIT_FAILED;
  guint left =
      act ? aak_plan_count (steps, AAK_ACTION_WORN)
          : steps->len - aak_plan_count (steps, AAK_ACTION_KEEP) + aak_plan_mended_texts (steps);
  return left > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

/* TRUE where an earlier run found nothing to do, nothing changed since, and that was told. Whatever
 * is in the way of this look is told by the run that follows. */
static gboolean
is_sealed (AakCli *cli, const Options *options)
{
  guint profiles = 0;
  g_autoptr (AakLsm) lsm = aak_cli_json (cli) ? NULL : aak_lsm_open (aak_cli_root (cli), NULL);
  if (lsm == NULL || !aak_lsm_check_privileges (lsm, NULL))
    return FALSE;
  g_autofree char *inputs = aak_inputs_look (&options->desired);
  if (!aak_seal_holds (lsm, inputs, &options->apply, &profiles))
    return FALSE;
  if (aak_lsm_note (lsm) != NULL)
    aak_cli_note (cli, "%s", aak_lsm_note (lsm));
  aak_report_kept (cli, profiles);
  return TRUE;
}

int
aak_cmd_apply (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, TRUE, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  options.desired.paths = (const char *const *) argv + 1;
  if (!options.dry_run && is_sealed (cli, &options))
    return AAK_EXIT_OK;
  g_autoptr (AakDesired) desired =
      aak_desired_read (cli, &options.desired, &options.apply.inputs, error);
  if (desired == NULL)
    return AAK_EXIT_FAILED;
  int code = apply (cli, desired, &options, !options.dry_run, error);
  /* a dry run that would do something is no finding */
  return options.dry_run && code == AAK_EXIT_FINDING ? AAK_EXIT_OK : code;
}

int
aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, FALSE, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  options.desired.paths = (const char *const *) argv + 1;
  g_autoptr (AakDesired) desired = aak_desired_read (cli, &options.desired, NULL, error);
  return desired != NULL ? apply (cli, desired, &options, FALSE, error) : AAK_EXIT_FAILED;
}
