/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile diff: two policies -> profiles -> what one of them allows and the other does not. */
#include "config.h"

#include "compile/cmd.h"
#include "compile/diff-report.h"
#include "compile/policy-options.h"
#include "lib/bundle.h"
#include "lib/error.h"

#define MOST_DEFAULT 50
#define MOST_MAX     1000
#define WARNINGS_MAX 10

typedef struct
{
  AakPolicyOptions policy;
  gint most;
} Options;

static void
options_clear (Options *options)
{
  aak_policy_options_clear (&options->policy);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->policy.features,
      "Compile texts for this kernel feature set, and read that of bundles: a file, a directory, or "
      "the name of an installed one (default: what a bundle beside them has, or the running "
      "kernel's)",
      "FEATURES" },
    AAK_POLICY_OPTIONS_BASE (&options->policy),
    { "tree", 0, 0, G_OPTION_ARG_FILENAME, &options->policy.tree,
      "Tell also which files below this directory are concerned, as if it were the application's /",
      "ROOTFS" },
    AAK_POLICY_OPTIONS_OWNER (&options->policy),
    { "most", 0, 0, G_OPTION_ARG_INT, &options->most,
      "Print that many lines of each class and direction (default: 50)", "N" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "OLD NEW",
                      "  aa-compile diff k8s-web.old k8s-web           # two texts\n"
                      "  aa-compile diff bundle-1/ bundle-2/           # all profiles of both\n"
                      "  aa-compile diff bundle/ k8s-web --tree rootfs # and the files concerned",
                      argc, argv, error))
    return FALSE;
  const char *why = aak_policy_options_objection (&options->policy);
  if (*argc != 3)
    why =
        "name two policies: texts or learned states, directories of them, compiled files or bundles";
  else if (options->most < 1 || options->most > MOST_MAX)
    why = "--most takes a number from 1 to 1000";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* The feature set of the bundle @path, to compile a text beside it for; NULL where it is none, or
 * has several. */
static char *
features_of (const char *path)
{
  g_autoptr (AakBundle) bundle = aak_bundle_is (path) ? aak_bundle_read (path, NULL) : NULL;
  GPtrArray *ids = bundle != NULL ? aak_bundle_features (bundle) : NULL;
  return ids != NULL && ids->len == 1
             ? aak_bundle_file_path (path, ids->pdata[0], AAK_BUNDLE_FEATURES)
             : NULL;
}

static AakDiffSide *
open_side (AakCli *cli, const Options *options, const char *path, const char *beside,
           GError **error)
{
  gboolean take = options->policy.features == NULL && !aak_bundle_is (path);
  g_autofree char *features = take ? features_of (beside) : NULL;
  AakPolicyOpen where = aak_policy_options_open (&options->policy, cli);
  if (features != NULL)
    where.features = features;
  return aak_diff_side_open (path, &where, error);
}

/* Compiled for other kernels, even one text allows something else. */
static void
note_features (AakCli *cli, const AakDiffSide *before, const AakDiffSide *after)
{
  const GPtrArray *old = aak_diff_side_profiles (before), *new = aak_diff_side_profiles (after);
  const AakDiffProfile *one = old->len > 0 ? old->pdata[0] : NULL,
                       *other = new->len > 0 ? new->pdata[0] : NULL;
  if (one == NULL || other == NULL || aak_diff_side_feature_sets (before) > 1
      || one->features == NULL || other->features == NULL
      || g_str_equal (one->features, other->features))
    return;
  aak_cli_note (cli, "they were compiled for two feature sets, %s and %s", one->features,
                other->features);
}

/* TRUE where the tree could not be read as a whole, which is told once. */
static gboolean
warn_skipped (AakCli *cli, const GPtrArray *diffs)
{
  for (guint i = 0; i < diffs->len; i++)
    {
      const GPtrArray *skipped = ((const AakProfileDiff *) diffs->pdata[i])->skipped;
      for (guint j = 0; j < MIN (skipped->len, WARNINGS_MAX); j++)
        aak_cli_warn (cli, "%s", (const char *) skipped->pdata[j]);
      if (skipped->len > WARNINGS_MAX)
        aak_cli_warn (cli, "%u more of them", skipped->len - WARNINGS_MAX);
      if (skipped->len > 0)
        return TRUE;
    }
  return FALSE;
}

/* The exit code says whether something is allowed by one of them only. */
static int
print (AakCli *cli, const AakDiffReport *report)
{
  if (aak_cli_json (cli))
    aak_diff_print_json (cli, report);
  else
    aak_diff_print_text (cli, report);
  if (warn_skipped (cli, report->diffs))
    return AAK_EXIT_FINDING;
  for (guint i = 0; i < report->diffs->len; i++)
    if (aak_profile_diff_allows (report->diffs->pdata[i]))
      return AAK_EXIT_FINDING;
  if (report->diffs->len > 0)
    aak_cli_note (cli, "they allow the same, and differ in what is recorded");
  return AAK_EXIT_OK;
}

int
aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { .most = MOST_DEFAULT };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakDiffSide) before = open_side (cli, &options, argv[1], argv[2], error);
  g_autoptr (AakDiffSide) after =
      before != NULL ? open_side (cli, &options, argv[2], argv[1], error) : NULL;
  if (after == NULL)
    return AAK_EXIT_FAILED;
  note_features (cli, before, after);
  const AakDiffTree tree = { options.policy.tree, options.policy.owner };
  g_autoptr (GPtrArray) diffs = aak_profile_diff (before, after, &tree, error);
  if (diffs == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (AakRulePlaces) places = aak_rule_places_new (options.policy.base);
  const AakDiffReport report = { argv[1], argv[2], diffs, options.policy.tree, (guint) options.most,
                                 places };
  return print (cli, &report);
}
