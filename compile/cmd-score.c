/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile score: policy -> questions of the table of exposures -> scores. */
#include "config.h"

#include "compile/cmd.h"
#include "compile/policy-options.h"
#include "compile/score-report.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/term-block.h"

#include <string.h>
#include <unistd.h>

typedef struct
{
  AakPolicyOptions policy;
  char *profile;
  char *threshold;
  guint most; /* the threshold, where there is one */
} Options;

static void
options_clear (Options *options)
{
  aak_policy_options_clear (&options->policy);
  g_free (options->profile);
  g_free (options->threshold);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &options->threshold,
      "Exit with 3 where a profile scores more than that, from 0 to 10", "N" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile, "Score this profile only", "LABEL" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->policy.features,
      "Compile texts for this kernel feature set, or score what a bundle has for it: a file, a "
      "directory, or the name of an installed one (default: all of a bundle's, or the running "
      "kernel's)",
      "FEATURES" },
    AAK_POLICY_OPTIONS_BASE (&options->policy),
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "PROFILE|BLOB|BUNDLE|DIR...",
                      "  aa-compile score bundle/                    # a line for each profile\n"
                      "  aa-compile score bundle/ --profile k8s-web  # all that it leaves open\n"
                      "  aa-compile score profiles/ --threshold 4    # in CI\n",
                      argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why = "name at least one policy: a text, a directory of them, a compiled file or a bundle";
  else if (options->threshold != NULL && !aak_score_parse (options->threshold, &options->most))
    why = "--threshold takes a number from 0 to 10, with one decimal at most";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

static AakScoreStyle
choose_style (AakCli *cli)
{
  AakScoreStyle style = { .utf8 = aak_term_is_utf8 (),
                          .color = aak_cli_color_out (cli),
                          .verbose = aak_cli_verbose (cli) };
  guint rows = 0;
  if (isatty (STDOUT_FILENO))
    aak_term_size (STDOUT_FILENO, &style.columns, &rows);
  return style;
}

/* What has to be known to read the scores. */
static void
add_notes (AakCli *cli, const AakScoreSheet *sheet)
{
  gboolean unknown = FALSE, unenforced = FALSE;
  for (guint i = 0; i < sheet->profiles->len; i++)
    {
      const AakScored *scored = sheet->profiles->pdata[i];
      unknown |= scored->features == NULL;
      unenforced |= scored->score->score != scored->score->by_rules;
    }
  if (unknown)
    aak_cli_note (cli, "for which kernel a compiled file is cannot be told: what it does not "
                       "mediate counts as allowed, unless --features names the kernel's");
  if (unenforced)
    aak_cli_note (cli, "what is not enforced counts as unconfined, whatever its rules are");
}

static void
print (AakCli *cli, const AakScoreSheet *sheet, const Options *options)
{
  if (aak_cli_json (cli))
    {
      const guint *threshold = options->threshold != NULL ? &options->most : NULL;
      g_autoptr (AakJson) json = aak_score_report_json (sheet, threshold);
      aak_cli_out_json (cli, json);
      return;
    }
  const AakScoreStyle style = choose_style (cli);
  g_autofree char *text = sheet->profiles->len == 1
                              ? aak_score_report_one (sheet->profiles->pdata[0], &style)
                              : aak_score_report_all (sheet, &style);
  aak_cli_out (cli, "%s", text);
}

int
aak_cmd_score (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  const AakPolicyOpen where = aak_policy_options_open (&options.policy, cli);
  g_autoptr (AakScoreSheet) sheet = aak_score_sheet_new (options.profile);
  for (int i = 1; i < argc; i++)
    if (!aak_score_sheet_add (sheet, argv[i], &where, error))
      return AAK_EXIT_FAILED;
  aak_failures_raise (sheet->failures, error);
  const AakScored *highest = aak_score_sheet_highest (sheet);
  if (highest == NULL && *error != NULL)
    return AAK_EXIT_FAILED;
  if (highest == NULL)
    {
      g_autofree char *shown = aak_escape (options.profile != NULL ? options.profile : "",
                                           options.profile != NULL ? strlen (options.profile) : 0);
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no profile \"%s\" in this policy",
                   shown);
      return AAK_EXIT_FAILED;
    }
  print (cli, sheet, &options);
  add_notes (cli, sheet);
  gboolean over = options.threshold != NULL && highest->score->score > options.most;
  return over ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
