/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn seccomp: the seccomp profile of states, and the one under which they are learned. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/allow-option.h"
#include "learn/merge.h"
#include "learn/syscall-explain.h"
#include "learn/syscall-json.h"
#include "learn/syscall-stage.h"
#include "learn/sensitive-site.h"
#include "learn/state-names.h"
#include "learn/state-reader.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

typedef struct
{
  char *log_label;
  char *output;
  char **allow;
  gboolean exact;
  gboolean explain;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->log_label);
  g_free (options->output);
  g_strfreev (options->allow);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-learn seccomp --log-profile k8s-web      a profile that logs every call, for staging\n"
    "  aa-learn seccomp out/k8s-web.learned.yaml -o k8s-web.seccomp.json\n"
    "  aa-learn seccomp out/k8s-web.learned.yaml --explain\n"
    "  aa-learn seccomp --log-profile k8s-web out/k8s-web.learned.yaml\n"
    "                                              from now on only calls that are new\n";

static gboolean
check_words (AakCli *cli, const Options *options, int argc, GError **error)
{
  const char *why = NULL;
  gboolean logs = options->log_label != NULL;
  if (argc < 2 && !logs)
    why = "whose profile? Name states, or --log-profile LABEL";
  else if (logs
           && (options->output != NULL || options->explain || options->exact
               || options->allow != NULL || aak_cli_json (cli)))
    why = "--log-profile goes with states only: it writes where the kubelet looks";
  else if (options->output != NULL && (options->explain || aak_cli_json (cli)))
    why = "-o takes the profile, and --explain and --json print something else";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Where the profile goes (default: standard output)", "FILE" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->allow,
      "Allow this kind of sensitive calls where they were seen: the ID that the message names "
      "(again for more)",
      "ID" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &options->exact,
      "No calls that stand for those that were seen", NULL },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &options->explain,
      "Print why each call is there, instead of the profile", NULL },
    { "log-profile", 0, 0, G_OPTION_ARG_STRING, &options->log_label,
      "Put a profile for LABEL where the kubelet looks that logs every call, or those that the "
      "states do not have",
      "LABEL" },
    { NULL },
  };
  return aak_cli_parse (cli, entries, "STATE...|--log-profile LABEL [STATE...]", examples, argc,
                        argv, error)
         && aak_sensitive_site_load (cli, error) && check_words (cli, options, *argc, error)
         && aak_allow_option_check (options->allow, error);
}

/* --- states ---------------------------------------------------------------------------------- */

/* The union of the states @words, which are of one label; NULL with an error. */
static AakObservations *
read_states (char **words, GError **error)
{
  g_autoptr (GPtrArray) paths = aak_state_names (words, NULL, error);
  g_autoptr (AakStateReader) reader = paths != NULL ? aak_state_reader_new (paths) : NULL;
  g_autoptr (AakMerge) merge = NULL;
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    {
      g_autoptr (AakObservations) state = aak_state_reader_next (reader, error);
      if (state == NULL)
        return NULL;
      const char *label = aak_observations_label (state);
      if (merge == NULL)
        merge = aak_merge_new (label);
      if (strcmp (aak_observations_label (aak_merge_result (merge)), label) != 0)
        {
          g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE,
                               "the states are of several labels: a profile is of one");
          return NULL;
        }
      if (!aak_merge_take (merge, paths->pdata[i], state, error))
        return NULL;
    }
  return merge != NULL ? aak_merge_end (merge) : NULL;
}

/* --- the profile that logs ------------------------------------------------------------------- */

static int
place (AakCli *cli, const Options *options, const AakObservations *known, GError **error)
{
  const char *label = options->log_label;
  if (known != NULL && strcmp (aak_observations_label (known), label) != 0)
    {
      g_autofree char *of =
          aak_escape (aak_observations_label (known), strlen (aak_observations_label (known)));
      g_autofree char *wanted = aak_escape (label, strlen (label));
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "the states are of %s, not of %s", of,
                   wanted);
      return AAK_EXIT_USAGE;
    }
  if (!aak_syscall_stage (cli, label, known, error))
    return AAK_EXIT_FAILED;
  aak_syscall_stage_explain (cli, label);
  return AAK_EXIT_OK;
}

/* --- the profile that was learned ------------------------------------------------------------ */

static gboolean
write_profile (AakCli *cli, const Options *options, const AakSyscallProfile *profile,
               GError **error)
{
  g_autofree char *text = aak_syscall_profile_json (profile);
  g_autofree char *calls = aak_count (profile->calls->len, "call");
  if (options->output == NULL)
    aak_cli_out (cli, "%s", text);
  else if (!aak_fs_write (options->output, text, strlen (text), 0644, error))
    return FALSE;
  aak_cli_note (cli, "%s: %u seen, %u for the container's start, %u that stand for them", calls,
                aak_syscall_profile_count (profile, AAK_CALL_SEEN),
                aak_syscall_profile_count (profile, AAK_CALL_START),
                aak_syscall_profile_count (profile, AAK_CALL_GROUP));
  return TRUE;
}

static int
make_profile (AakCli *cli, const Options *options, const AakObservations *states, GError **error)
{
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (states, options->exact);
  if (profile->seen == 0)
    {
      g_autofree char *label = aak_escape (profile->label, strlen (profile->label));
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "no system call of %s was seen: did the pod run under a profile that logs them "
                   "(aa-learn seccomp --log-profile %s)?",
                   label, label);
      return AAK_EXIT_FAILED;
    }
  if (aak_cli_json (cli))
    aak_syscall_explain_json (cli, profile);
  else if (options->explain)
    aak_syscall_explain_text (cli, profile);
  else if (!write_profile (cli, options, profile, error))
    return AAK_EXIT_FAILED;
  aak_syscall_tell_omitted (cli, profile);
  return aak_syscall_profile_count_nameless (profile) > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

int
aak_cmd_seccomp (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakObservations) states = argc > 1 ? read_states (argv + 1, error) : NULL;
  if (argc > 1 && states == NULL)
    return AAK_EXIT_FAILED;
  if (options.log_label != NULL)
    return place (cli, &options, states, error);
  aak_allow_option_apply (options.allow, states);
  return make_profile (cli, &options, states, error);
}
