/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn check: does compiled policy allow what was seen? */
#include "config.h"

#include "learn/cmd.h"

#include "learn/check-report.h"
#include "learn/sensitive-site.h"
#include "learn/state-reader.h"
#include "learn/syscall-coverage.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/open.h"
#include "lib/seccomp/name.h"

#include <string.h>

typedef struct
{
  char **inputs;
  char **labels;
  char *features;
  char *base;
  gboolean dbus;
  gboolean but_review;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->inputs);
  g_strfreev (options->labels);
  g_free (options->features);
  g_free (options->base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-learn check out/k8s-web out/k8s-web.learned.yaml\n"
    "  aa-learn check k8s-web --profile k8s-web --input audit.log --features debian-12-6.1\n"
    "  aa-learn check out/k8s-web.seccomp.json out/k8s-web.learned.yaml\n";

static gboolean
check_words (const Options *options, int argc, GError **error)
{
  const char *why = NULL;
  if (argc < 2)
    why = "check takes a profile (text, compiled, bundle, or seccomp), and states or --input LOG";
  else if (argc > 2 && options->inputs != NULL)
    why = "states or --input, not both";
  else if (argc == 2 && options->inputs == NULL)
    why = "what is the profile to be asked for? Name states, or a log with --input";
  else if (options->inputs != NULL && options->labels == NULL)
    why = "whose events of the log? --profile LABEL";
  else if (options->inputs == NULL && (options->labels != NULL || options->dbus))
    why = "--profile and --dbus go with --input; a state has its label";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "input", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs,
      "Ask for the events of an audit log, - for standard input (again for more)", "FILE" },
    { "profile", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->labels,
      "Those of this label or glob (again for more)", "LABEL" },
    { "dbus", 0, 0, G_OPTION_ARG_NONE, &options->dbus,
      "Also what the D-Bus daemon decided, by the log", NULL },
    { "features", 0, 0, G_OPTION_ARG_STRING, &options->features,
      "The feature set to compile a text for, or to read of a bundle (default: the kernel's)",
      "FILE|DIR|NAME" },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base,
      "Where abi/, abstractions/ and tunables/ are (default: /etc/apparmor.d)", "DIR" },
    { "but-review", 0, 0, G_OPTION_ARG_NONE, &options->but_review,
      "What waits for review, and was not allowed, is no finding", NULL },
    { NULL },
  };
  return aak_cli_parse (cli, entries, "PROFILE STATE...|--input LOG", examples, argc, argv, error)
         && aak_sensitive_site_load (cli, error) && check_words (options, *argc, error);
}

/* --- asking ---------------------------------------------------------------------------------- */

/* What is asked, label by label. */
typedef struct
{
  AakCli *cli;
  const char *path; /* of the policy */
  AakPolicyOpen where;
  AakPolicySet *set;        /* the last that was opened, or NULL */
  AakSeccompProfile *calls; /* a seccomp profile that is asked instead, or NULL */
  gboolean unasked;         /* of a label no call was seen that it could be asked for */
  GArray *labels;           /* AakCheckedLabel */
} Check;

static void
label_clear (gpointer data)
{
  g_array_unref (((AakCheckedLabel *) data)->coverage);
}

static void
check_clear (Check *check)
{
  g_clear_pointer (&check->set, aak_policy_set_free);
  g_clear_pointer (&check->calls, aak_seccomp_profile_free);
  g_clear_pointer (&check->labels, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

/* The profile @label: a text and a compiled file have all of theirs at once, a bundle one. */
static const AakPolicyProfile *
find_profile (Check *check, const char *label, GError **error)
{
  const AakPolicyProfile *profile =
      check->set != NULL ? aak_policy_set_find (check->set, label) : NULL;
  if (profile != NULL)
    return profile;
  g_clear_pointer (&check->set, aak_policy_set_free);
  check->set = aak_policy_open (check->path, label, &check->where, error);
  profile = check->set != NULL ? aak_policy_set_find (check->set, label) : NULL;
  if (check->set != NULL && profile == NULL)
    {
      g_autofree char *shown = aak_escape (label, strlen (label));
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no profile \"%s\" in the bundle", shown);
    }
  return profile;
}

/* What the kernel would do under another profile than the one that is asked. */
static void
note_other_ways (const Check *check, const AakPolicyProfile *profile)
{
  GPtrArray *all = aak_policy_set_profiles (check->set);
  g_autofree char *prefix = g_strconcat (profile->name, "//", NULL);
  guint children = 0;
  for (guint i = 0; i < all->len; i++)
    children += g_str_has_prefix (((const AakPolicyProfile *) all->pdata[i])->name, prefix);
  if (profile->mode == AAK_MODE_COMPLAIN)
    aak_cli_note (check->cli, "a complain profile: these are its rules; the kernel lets everything "
                              "pass");
  if (children > 0)
    aak_cli_note (check->cli,
                  "a profile with %u below it: what was not seen under one of them is asked of the "
                  "profile itself, though an exec may lead there",
                  children);
}

/* Where @check names a seccomp profile, by the end of its name, that is opened. */
static gboolean
open_calls (Check *check, GError **error)
{
  if (!aak_seccomp_is_path (check->path))
    return TRUE;
  g_autofree char *shown = aak_escape (check->path, strlen (check->path));
  g_autoptr (GBytes) text = aak_fs_read (check->path, AAK_SECCOMP_MAX_SIZE, error);
  check->calls = text != NULL ? aak_seccomp_profile_parse (shown, text, error) : NULL;
  return check->calls != NULL;
}

static void
ask_calls (Check *check, const AakObservations *observations, const AakCheckLog *log)
{
  const AakCheckedLabel checked = { observations, log,
                                    aak_syscall_coverage_ask_all (check->calls, observations) };
  g_array_append_val (check->labels, checked);
  if (checked.coverage->len > 0)
    return;
  const char *label = aak_observations_label (observations);
  g_autofree char *shown = aak_escape (label, strlen (label));
  aak_cli_warn (check->cli, "no system call of %s was seen: the profile was asked nothing", shown);
  check->unasked = TRUE;
}

static gboolean
ask (Check *check, const AakObservations *observations, const AakCheckLog *log, GError **error)
{
  if (check->calls != NULL)
    {
      ask_calls (check, observations, log);
      return TRUE;
    }
  const char *label = aak_observations_label (observations);
  const AakPolicyProfile *profile = find_profile (check, label, error);
  if (profile == NULL)
    return FALSE;
  note_other_ways (check, profile);
  const AakCheckedLabel checked = { observations, log,
                                    aak_coverage_ask_all (check->set, profile, observations) };
  g_array_append_val (check->labels, checked);
  return TRUE;
}

static int
report (const Check *check, const Options *options, gboolean incomplete)
{
  gboolean finding = aak_check_report (check->cli, check->path, check->labels, options->but_review);
  return finding || incomplete || check->unasked ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

static int
check_log (Check *check, const Options *options, GError **error)
{
  const AakCheckLogOptions what = { (const char *const *) options->inputs,
                                    (const char *const *) options->labels, options->dbus };
  g_autoptr (AakCheckLog) log = aak_check_log_read (check->cli, &what, error);
  g_autoptr (GPtrArray) subjects = log != NULL ? aak_check_log_subjects (log) : NULL;
  if (log == NULL)
    return AAK_EXIT_FAILED;
  for (guint i = 0; i < subjects->len; i++)
    if (!ask (check, subjects->pdata[i], log, error))
      return AAK_EXIT_FAILED;
  return report (check, options, aak_check_log_lost (log) > 0);
}

static int
check_states (Check *check, const Options *options, char **paths, GError **error)
{
  g_autoptr (GPtrArray) states =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_observations_free);
  for (char **path = paths; *path != NULL; path++)
    {
      AakObservations *state = aak_state_read (*path, error);
      if (state == NULL)
        return AAK_EXIT_FAILED;
      g_ptr_array_add (states, state);
      if (!ask (check, state, NULL, error))
        return AAK_EXIT_FAILED;
    }
  return report (check, options, FALSE);
}

int
aak_cmd_check (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_auto (Check) check = { .cli = cli,
                           .path = argv[1],
                           .where = { aak_cli_root (cli), options.features, options.base } };
  check.labels = g_array_new (FALSE, FALSE, sizeof (AakCheckedLabel));
  g_array_set_clear_func (check.labels, label_clear);
  if (!open_calls (&check, error))
    return AAK_EXIT_FAILED;
  return options.inputs != NULL ? check_log (&check, &options, error)
                                : check_states (&check, &options, argv + 2, error);
}
