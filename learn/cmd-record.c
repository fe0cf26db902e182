/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn record: from records to a state and a profile. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/allow-option.h"
#include "learn/base-option.h"
#include "learn/capability-nudge.h"
#include "learn/child-plan.h"
#include "learn/dbus-user.h"
#include "learn/exec-option.h"
#include "learn/follow.h"
#include "learn/kubernetes-version.h"
#include "learn/label.h"
#include "learn/network-option.h"
#include "learn/syscall-stage.h"
#include "learn/sensitive-site.h"
#include "learn/session.h"
#include "learn/source-choice.h"
#include "learn/staging.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <poll.h>
#include <string.h>

#define LAST_WAIT_MS 200
#define LAST_RECORDS 4096

typedef struct
{
  char *pod;
  char *namespace;
  char **containers;
  char **profiles;
  char **sources;
  char **inputs;
  char **allow;
  char *dir;
  char *duration;
  char *stable_for;
  char *abi_word;
  char *exec_word;
  char *network_word;
  char *rootfs;
  char *kubernetes;
  AakBaseOption base;
  AakAbi abi;
  gboolean dbus;
  gboolean exact;
  gboolean children;
  gboolean addresses;
  gboolean state_only;
  gboolean no_check;
  gboolean keep_limits;
  gboolean no_nudge;
  gboolean syscalls;
  guint minor; /* of Kubernetes */
  guint64 seconds;
  guint64 stable;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->pod);
  g_free (options->namespace);
  g_strfreev (options->containers);
  g_strfreev (options->profiles);
  g_strfreev (options->sources);
  g_strfreev (options->inputs);
  g_strfreev (options->allow);
  g_free (options->dir);
  g_free (options->duration);
  g_free (options->stable_for);
  g_free (options->abi_word);
  g_free (options->exec_word);
  g_free (options->network_word);
  g_free (options->rootfs);
  g_free (options->kubernetes);
  aak_base_option_clear (&options->base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-learn --pod web                     learn pod web on this node until Ctrl-C\n"
    "  aa-learn --pod web --for 10m -o out    for ten minutes, files into out/\n"
    "  aa-learn --pod web --root NODE         from the logs and bundles below NODE\n"
    "  aa-learn --profile k8s-web --input audit.log\n"
    "  aa-learn --profile k8s-web --input audit.log --base k8s-web -o out\n"
    "                                         what an enforced profile denied joins its text\n";

/* --- options --------------------------------------------------------------------------------- */

/* "90", "90s", "10m", "2h" */
static gboolean
parse_duration (const char *option, const char *text, guint64 *out_seconds, GError **error)
{
  static const struct
  {
    const char *unit;
    guint64 seconds;
  } units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
  char *end = NULL;
  guint64 number = g_ascii_strtoull (text, &end, 10);
  for (gsize i = 0;
       g_ascii_isdigit (*text) && number > 0 && number < 1000000 && i < G_N_ELEMENTS (units); i++)
    if (strcmp (end, units[i].unit) == 0)
      {
        *out_seconds = number * units[i].seconds;
        return TRUE;
      }
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "--%s %s: a time such as 90s, 10m or 2h is needed", option, text);
  return FALSE;
}

static gboolean
check_names (const Options *options, GError **error)
{
  if (options->pod != NULL && !aak_label_is_pod_name (options->pod))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "--pod %s: not a name that a pod can have (RFC 1123)", options->pod);
      return FALSE;
    }
  for (char **c = options->containers; c != NULL && *c != NULL; c++)
    if (!aak_label_is_pod_name (*c))
      {
        g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                     "--container %s: not a name that a container can have", *c);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_options (Options *options, int argc, char **argv, GError **error)
{
  if (!aak_cli_no_words (argc, argv, error))
    return FALSE;
  if (options->pod == NULL && options->profiles == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "whom to learn from? --pod NAME, or --profile LABEL");
      return FALSE;
    }
  if (options->duration != NULL
      && !parse_duration ("for", options->duration, &options->seconds, error))
    return FALSE;
  if (options->stable_for != NULL
      && !parse_duration ("until-stable", options->stable_for, &options->stable, error))
    return FALSE;
  if (options->abi_word != NULL && !aak_abi_from_word (options->abi_word, &options->abi, error))
    return FALSE;
  if (!aak_kubernetes_version_parse (options->kubernetes, &options->minor, error))
    return FALSE;
  if (!aak_exec_option_parse (options->exec_word, &options->children, error)
      || !aak_network_option_parse (options->network_word, &options->addresses, error))
    return FALSE;
  const char *other = options->abi_word != NULL ? "--abi"
                      : options->state_only     ? "--state-only"
                      : options->no_check       ? "--no-check"
                                                : NULL;
  return check_names (options, error) && aak_allow_option_check (options->allow, error)
         && aak_base_option_check (&options->base, other, error);
}

static gboolean
parse_options (AakCli *cli, Options *options, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "pod", 0, 0, G_OPTION_ARG_STRING, &options->pod,
      "The pod, or its workload (web finds web-7d4b9c5f6-x2x9k)", "NAME" },
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, &options->namespace, "Only pods of this namespace",
      "NS" },
    { "container", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &options->containers,
      "Only this container (again for more)", "NAME" },
    { "profile", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->profiles,
      "Learn this label instead; a glob with --input (again for more)", "LABEL" },
    { "source", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->sources,
      "auto (default), netlink, audit-log[=FILE], journald[=DIR] or kmsg (again for several at "
      "once)",
      "SOURCE" },
    { "input", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs,
      "Learn from an audit log instead, plain, gzip, xz or zstd; - for standard input (again for "
      "more)",
      "FILE" },
    { "for", 0, 0, G_OPTION_ARG_STRING, &options->duration, "Stop after this time (90s, 10m, 2h)",
      "TIME" },
    { "until-stable", 0, 0, G_OPTION_ARG_STRING, &options->stable_for,
      "Stop once nothing new came for this time (10m)", "TIME" },
    { "dbus", 0, 0, G_OPTION_ARG_NONE, &options->dbus,
      "Learn what the D-Bus daemon decides as well", NULL },
    { "syscalls", 0, 0, G_OPTION_ARG_NONE, &options->syscalls,
      "Make the seccomp profile under which the pod's system calls are logged as well", NULL },
    { "abi", 0, 0, G_OPTION_ARG_STRING, &options->abi_word,
      "The abi that profiles are for: 3.0 (default); 4.0 and 4.0-ip mediate more", "ABI" },
    { "exec", 0, 0, G_OPTION_ARG_STRING, &options->exec_word, AAK_EXEC_OPTION, "MODE" },
    { "network", 0, 0, G_OPTION_ARG_STRING, &options->network_word, AAK_NETWORK_OPTION, "MODE" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &options->exact,
      "Widen nothing: rules for exactly what was seen", NULL },
    { "rootfs", 0, 0, G_OPTION_ARG_FILENAME, &options->rootfs, AAK_IMAGES_OPTION, "DIR" },
    { "kubernetes", 0, 0, G_OPTION_ARG_STRING, &options->kubernetes, AAK_KUBERNETES_OPTION,
      "VERSION" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->allow, AAK_ALLOW_OPTION, "ID" },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base.path, AAK_BASE_OPTION, "PROFILE" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->base.features, AAK_FEATURES_OPTION,
      "FEATURES" },
    { "keep-limits", 0, 0, G_OPTION_ARG_NONE, &options->keep_limits,
      "Do not raise the kernel's audit limits while recording", NULL },
    { "no-nudge", 0, 0, G_OPTION_ARG_NONE, &options->no_nudge,
      "Do not make the kernel report capabilities anew", NULL },
    { "no-check", 0, 0, G_OPTION_ARG_NONE, &options->no_check,
      "Do not compile the profile and ask it for what was seen", NULL },
    { "state-only", 0, 0, G_OPTION_ARG_NONE, &options->state_only, "Write the state, no profile",
      NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->dir, "Where the files go (default: here)",
      "DIR" },
    { NULL },
  };
  return aak_cli_parse (cli, entries, "--pod NAME", examples, &argc, &argv, error)
         && aak_sensitive_site_load (cli, error) && check_options (options, argc, argv, error);
}

/* --- source ---------------------------------------------------------------------------------- */

static AakSourceChoice
source_choice (const Options *options)
{
  return (AakSourceChoice){ .sources = (const char *const *) options->sources,
                            .inputs = (const char *const *) options->inputs,
                            .keep_limits = options->keep_limits };
}

static gboolean
is_live (AakCli *cli, const Options *options)
{
  AakSourceChoice choice = source_choice (options);
  return aak_source_choice_is_live (cli, &choice);
}

/* A log has no time in which nothing new comes, and its records were written. */
static gboolean
check_live (AakCli *cli, const Options *options, GError **error)
{
  if (is_live (cli, options))
    return TRUE;
  if (options->syscalls)
    {
      g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE,
                           "--syscalls: only for what is recorded live; the system calls in a log "
                           "are learned in any case");
      return FALSE;
    }
  if (options->stable == 0)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "--until-stable %s: only for what is recorded live; a log is read to its end, and "
               "aa-learn show then tells how complete it is",
               options->stable_for);
  return FALSE;
}

/* --- staging --------------------------------------------------------------------------------- */

/* The container that the instructions name for the label at @index. */
static const char *
container_for (const Options *options, guint index)
{
  if (options->containers == NULL)
    return NULL;
  return options->containers[MIN (index, g_strv_length (options->containers) - 1)];
}

/* The programs that the learning profile of @label tells apart: those that the directory's state
 * knows. NULL without --exec=child. */
static GPtrArray *
programs_of (const Options *options, const AakResult *result, const char *label)
{
  const AakObservations *older = aak_result_older (result, label);
  if (!options->children)
    return NULL;
  return older != NULL ? aak_child_plan (older) : g_ptr_array_new ();
}

static gboolean
stage_label (AakCli *cli, const Options *options, const AakResult *result, const char *label,
             GError **error)
{
  g_autoptr (GPtrArray) programs = programs_of (options, result, label);
  const AakStagingWish wish = { options->abi, programs };
  return aak_staging_prepare (cli, label, &wish, error);
}

/* Loads the learning profiles of a live recording, and says how the pod gets under them. */
static gboolean
stage (AakCli *cli, const Options *options, const AakResult *result, GPtrArray *labels,
       GError **error)
{
  for (guint i = 0; i < labels->len; i++)
    {
      const char *label = g_ptr_array_index (labels, i);
      if (!stage_label (cli, options, result, label, error))
        return FALSE;
      if (options->pod != NULL)
        aak_staging_explain (cli, label, container_for (options, i));
    }
  return TRUE;
}

/* Makes the seccomp profiles of the labels, also of pods that run already: they have to be created
 * again. */
static gboolean
stage_syscalls (AakCli *cli, const Options *options, const AakResult *result, GPtrArray *labels,
                GError **error)
{
  for (guint i = 0; options->syscalls && i < labels->len; i++)
    {
      const char *label = g_ptr_array_index (labels, i);
      if (!aak_syscall_stage (cli, label, aak_result_older (result, label), error))
        return FALSE;
      aak_syscall_stage_explain (cli, label);
    }
  return TRUE;
}

/* Tells the programs of pods apart that run already. */
static gboolean
stage_running (AakCli *cli, const Options *options, const AakResult *result, GPtrArray *followed,
               GPtrArray *staged, GError **error)
{
  for (guint i = 0; options->children && i < followed->len; i++)
    {
      const char *label = g_ptr_array_index (followed, i);
      if (!g_ptr_array_find_with_equal_func (staged, label, g_str_equal, NULL)
          && !stage_label (cli, options, result, label, error))
        return FALSE;
    }
  return TRUE;
}

/* --- capabilities from before ---------------------------------------------------------------- */

/* Where the kernel cannot be made to report them anew, the account says so. */
static AakCapabilityNudge *
start_nudge (AakCli *cli, const Options *options, AakSource *source)
{
  g_autoptr (GError) error = NULL;
  if (!is_live (cli, options))
    return NULL;
  AakCapabilityNudge *nudge = options->no_nudge ? NULL : aak_capability_nudge_start (&error);
  source->account.late = nudge == NULL;
  if (error != NULL)
    aak_cli_warn (cli, "the kernel is not made to report capabilities anew: %s", error->message);
  return nudge;
}

/* The records that its end made: the serial of one shows what was lost just before it. */
static void
take_last (AakRecorder *recorder, AakSource *source)
{
  struct pollfd ready = { .fd = aak_source_fd (source), .events = POLLIN };
  if (ready.fd >= 0 && poll (&ready, 1, LAST_WAIT_MS) > 0)
    aak_recorder_drain (recorder, source, LAST_RECORDS, NULL);
}

static void
end_nudge (AakCli *cli, AakCapabilityNudge **nudge, AakSource *source)
{
  g_autofree char *missed = *nudge != NULL ? aak_capability_nudge_missed (*nudge) : NULL;
  if (missed != NULL)
    {
      source->account.late = TRUE;
      aak_cli_warn (cli,
                    "processors %s: the kernel was not made to report capabilities anew there (not "
                    "in this process's cpuset, or kept busy by a real-time task)",
                    missed);
    }
  g_clear_pointer (nudge, aak_capability_nudge_stop);
}

/* --- the verb -------------------------------------------------------------------------------- */

static gboolean
finish (AakSession *session, gboolean *out_finding, GError **error)
{
  aak_run_stamp_apply (session->stamp, session->recorder, session->source, TRUE);
  if (session->pods != NULL && session->recorder->events == 0
      && aak_pod_watch_found (session->pods) == 0 && aak_source_fd (session->source) >= 0)
    aak_cli_warn (session->cli, "the pod did not appear on this node");
  aak_dbus_user_warn_foreign (session->cli, session->recorder->foreign);
  return aak_result_finish (session->result, session->recorder, session->source, out_finding,
                            error);
}

static void
allow (const Options *options, AakAttribution *attribution)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (attribution);
  for (guint i = 0; i < subjects->len; i++)
    aak_allow_option_apply (options->allow, subjects->pdata[i]);
}

/* The labels that are followed now (char*). */
static GPtrArray *
followed_labels (AakAttribution *attribution)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (attribution);
  GPtrArray *labels = g_ptr_array_new ();
  for (guint i = 0; i < subjects->len; i++)
    g_ptr_array_add (labels, (gpointer) aak_observations_label (subjects->pdata[i]));
  return labels;
}

/* Opens the base, of the one label in @labels, where there is one. */
static gboolean
open_base (AakCli *cli, const Options *options, GPtrArray *labels, AakBase **out, GError **error)
{
  if (options->base.path == NULL)
    return TRUE;
  if (labels->len != 1)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "--base is for one label, and here are %u: name one with --profile",
                   labels->len);
      return FALSE;
    }
  *out = aak_base_option_open (cli, &options->base, labels->pdata[0], error);
  return *out != NULL;
}

/* From the source to the files, once it is clear whom to follow. */
static int
record (AakCli *cli, const Options *options, AakAttribution *attribution, AakPodWatch *pods,
        AakImages *images, GPtrArray *staged, GError **error)
{
  AakResultOptions where = { .dir = options->dir != NULL ? options->dir : ".",
                             .exact = options->exact,
                             .state_only = options->state_only,
                             .no_check = options->no_check,
                             .abi = options->abi,
                             .images = images,
                             .children = options->children,
                             .kubernetes = options->minor };
  g_autoptr (GPtrArray) labels = followed_labels (attribution);
  g_autoptr (AakBase) base = NULL;
  if (!open_base (cli, options, labels, &base, error))
    return AAK_EXIT_FAILED;
  where.base = base;
  if (base != NULL && aak_base_has_children (base))
    aak_attribution_follow_children (attribution);
  gboolean live = is_live (cli, options);
  g_auto (AakRunStamp) stamp = { 0 };
  aak_run_stamp_init (&stamp, aak_cli_root (cli), live ? (guint64) g_get_real_time () / 1000 : 0);
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  recorder->dbus = options->dbus;
  if (options->dbus && !aak_dbus_user_find (aak_cli_root (cli), &recorder->bus_uid, error))
    return AAK_EXIT_FAILED;
  g_autoptr (AakResult) result = aak_result_new (cli, &where, labels, error);
  if (result == NULL)
    return AAK_EXIT_FAILED;
  AakSession session = { .cli = cli,
                         .recorder = recorder,
                         .pods = pods,
                         .result = result,
                         .stamp = &stamp,
                         .seconds = options->seconds,
                         .stable = options->stable };
  AakSourceChoice choice = source_choice (options);
  g_autoptr (AakSource) source = aak_session_open_source (&session, &choice, error);
  if (source == NULL)
    return AAK_EXIT_FAILED;
  /* Before the pod is told to come: what is printed then means that all is ready. */
  g_autoptr (AakCapabilityNudge) nudge = start_nudge (cli, options, source);
  if (live
      && (!stage_running (cli, options, result, labels, staged, error)
          || !stage (cli, options, result, staged, error)
          || !stage_syscalls (cli, options, result, labels, error)))
    return AAK_EXIT_FAILED;

  gboolean finding = FALSE;
  gboolean ran = aak_session_run (&session, error);
  end_nudge (cli, &nudge, source);
  if (ran && live)
    take_last (recorder, source);
  allow (options, attribution);
  if (!ran || !finish (&session, &finding, error))
    return AAK_EXIT_FAILED;
  return finding ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

int
aak_cmd_record (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse_options (cli, &options, argc, argv, error) || !check_live (cli, &options, error))
    return AAK_EXIT_USAGE;

  AakPodSelector selector = { options.pod, options.namespace,
                              (const char *const *) options.containers };
  AakFollowRequest request = { &selector, (const char *const *) options.profiles,
                               is_live (cli, &options) };
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakImages) images = aak_images_new (cli);
  if (options.rootfs != NULL && !aak_images_add_given (images, options.rootfs, error))
    return AAK_EXIT_FAILED;
  if (options.children)
    aak_attribution_follow_children (attribution);
  if (options.addresses)
    aak_attribution_keep_addresses (attribution);
  g_autoptr (AakPodWatch) pods =
      options.pod != NULL ? aak_pod_watch_new (cli, &selector, attribution, images) : NULL;
  g_autoptr (GPtrArray) staged = NULL;
  if (!aak_follow (&request, pods, attribution, &staged, error))
    return AAK_EXIT_FAILED;
  return record (cli, &options, attribution, pods, images, staged, error);
}
