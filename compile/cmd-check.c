/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile check: texts -> compiled and looked at -> findings. */
#include "config.h"

#include "compile/check-report.h"
#include "compile/cmd.h"
#include "compile/failures.h"
#include "lib/error.h"
#include "lib/policy/policy.h"

typedef struct
{
  char **features;
  char *base;
  char *fail_on;
  gint jobs;
  gboolean host, sarif, list, silenced;
  AakSeverity failing;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->features);
  g_free (options->base);
  g_free (options->fail_on);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What is wrong with the command line, or NULL. */
static const char *
objection (AakCli *cli, Options *options, int argc)
{
  options->failing = AAK_SEVERITY_WARNING;
  if (options->list)
    return argc > 1 ? "--list takes no paths" : NULL;
  if (argc < 2)
    return "name at least one profile text or seccomp profile, or a directory of them";
  if (options->jobs < 0 || options->jobs > 1024)
    return "-j takes a number from 1 to 1024";
  if (options->sarif && aak_cli_json (cli))
    return "--json and --sarif exclude each other";
  if (options->fail_on != NULL && !aak_severity_parse (options->fail_on, &options->failing))
    return "--fail-on takes note, warning or error";
  return NULL;
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "fail-on", 0, 0, G_OPTION_ARG_STRING, &options->fail_on,
      "Exit with 3 where a finding is at least that severe: note, warning or error "
      "(default: warning)",
      "SEVERITY" },
    { "host", 0, 0, G_OPTION_ARG_NONE, &options->host,
      "The profiles are for programs of a host: do not ask for what pods need", NULL },
    { "sarif", 0, 0, G_OPTION_ARG_NONE, &options->sarif, "Print a SARIF 2.1.0 document", NULL },
    { "silenced", 0, 0, G_OPTION_ARG_NONE, &options->silenced,
      "Print silenced findings, too, with their reasons", NULL },
    { "list", 0, 0, G_OPTION_ARG_NONE, &options->list, "List all findings that there are", NULL },
    { "features", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->features,
      "Compile for this kernel feature set: a file, a directory, or the name of an installed one; "
      "any number of times (default: the running kernel's)",
      "FEATURES" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs,
      "Compile that many at once (default: all processors)", "N" },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base,
      "Where abi/, abstractions/ and tunables/ are (default: /etc/apparmor.d)", "DIR" },
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "PATH... | --list",
          "  aa-compile check profiles/\n"
          "  aa-compile check profiles/ --sarif > findings.sarif\n"
          "  aa-compile check profiles/ --features debian-12-6.1 --features debian-13-6.12\n"
          "  aa-compile check k8s-web.seccomp.json\n"
          "  aa-compile check --list",
          argc, argv, error))
    return FALSE;
  const char *why = objection (cli, options, *argc);
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* Sets @error to what is wrong with all texts that were not compiled; nothing where all were. */
static void
collect_errors (const AakCheck *check, GError **error)
{
  const GPtrArray *texts = aak_check_texts (check);
  g_autoptr (AakFailures) failures = aak_failures_new ();
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      if (one->error != NULL)
        aak_failures_add (failures, one->error);
    }
  aak_failures_raise (failures, error);
}

/* Compiles and looks. NULL with an error where nothing could be done. */
static AakCheck *
run (AakCli *cli, const Options *options, const AakFeatureChoice *features, const GPtrArray *paths,
     GError **error)
{
  if (features->sets->len > AAK_CHECK_SETS_MAX)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--features: %u sets at most",
                   AAK_CHECK_SETS_MAX);
      return NULL;
    }
  g_autoptr (AakCompiler) compiler = aak_compiler_new (options->base, error);
  if (compiler == NULL)
    return NULL;
  AakCheckOptions how = { cli, compiler, features, options->host,
                          options->jobs > 0 ? (guint) options->jobs : g_get_num_processors () };
  return aak_check_run (paths, &how, error);
}

int
aak_cmd_check (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (options.list)
    {
      aak_check_report_kinds (cli);
      return AAK_EXIT_OK;
    }
  g_autoptr (GPtrArray) paths =
      aak_policy_collect ((const char *const *) argv + 1, AAK_POLICY_SECCOMP, error);
  g_autoptr (AakFeatureChoice) features =
      paths != NULL ? aak_feature_choice_for (options.features, paths, aak_cli_root (cli), error)
                    : NULL;
  g_autoptr (AakCheck) check =
      features != NULL ? run (cli, &options, features, paths, error) : NULL;
  if (check == NULL)
    return AAK_EXIT_FAILED;
  if (options.sarif)
    aak_check_report_sarif (cli, check);
  else if (aak_cli_json (cli))
    aak_check_report_json (cli, check);
  else
    aak_check_report_text (cli, check, options.silenced);
  collect_errors (check, error);
  guint failing = 0;
  for (guint severity = options.failing; severity <= AAK_SEVERITY_ERROR; severity++)
    failing += aak_check_count (check, (AakSeverity) severity);
  return failing > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
