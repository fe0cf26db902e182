/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn events: what the kernel says, one event a line. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/dbus-record.h"
#include "learn/dbus-user.h"
#include "learn/event-assembler.h"
#include "learn/event-json.h"
#include "learn/label.h"
#include "learn/source-choice.h"
#include "learn/wearers.h"
#include "lib/container.h"
#include "lib/error.h"

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define DRAIN_MAX 1024

typedef struct
{
  char **inputs;
  char *source;
  gboolean keep_limits;
  char *pod;
  char *namespace;
  char **profiles;
  gboolean dbus;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->inputs);
  g_free (options->source);
  g_free (options->pod);
  g_free (options->namespace);
  g_strfreev (options->profiles);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] = "  aa-learn events                        live, until Ctrl-C\n"
                               "  aa-learn events --pod web --json       one JSON object a line\n"
                               "  aa-learn events --input audit.log --profile 'k8s-*'\n";

typedef struct
{
  AakCli *cli;
  const Options *options;
  AakSource *source;
  AakWearers *wearers;
  AakEventAssembler *assembler; /* NULL: nothing is added to events */
  guint64 bus_uid;
  guint64 foreign; /* D-Bus records that somebody else than the bus sent */
  guint64 printed;
} Printer;

static volatile sig_atomic_t stopped;
static AakSource *volatile interruptible; /* what on_signal() ends */

static void
on_signal (int number)
{
  (void) number;
  stopped = 1;
  if (interruptible != NULL)
    aak_source_interrupt (interruptible);
}

/* --- which events ---------------------------------------------------------------------------- */

static gboolean
matches_profile (const Options *options, const char *label)
{
  for (char **glob = options->profiles; glob != NULL && *glob != NULL; glob++)
    if (fnmatch (*glob, label, 0) == 0)
      return TRUE;
  return options->profiles == NULL;
}

/* An event of a pod that is gone is known by the pod's default label only. */
static gboolean
matches_pod (const Options *options, const char *label, const AakEventOwner *owner)
{
  if (options->pod == NULL)
    return options->namespace == NULL || g_strcmp0 (options->namespace, owner->namespace) == 0;
  if (owner->pod == NULL)
    {
      g_autofree char *wanted = aak_label_for_pod (options->pod, NULL);
      return options->namespace == NULL && strcmp (label, wanted) == 0;
    }
  AakContainer container = { .pod = (char *) owner->pod };
  return aak_container_is_of (&container, options->pod)
         && (options->namespace == NULL || strcmp (options->namespace, owner->namespace) == 0);
}

/* --- printing -------------------------------------------------------------------------------- */

static void
print_line (const char *line, gpointer user_data)
{
  Printer *printer = user_data;
  aak_cli_out (printer->cli, "%s\n", line);
  printer->printed++;
}

/* The line of an event, or NULL where it is not wanted. */
static char *
event_line (Printer *printer, const AakRecord *record, const AakEvent *event,
            const AakDbusSender *sender)
{
  g_autofree char *folded = aak_label_fold (event->label);
  if (!matches_profile (printer->options, folded)
      || (printer->options->profiles == NULL && aak_label_is_own (folded)))
    return NULL;
  AakEventOwner owner = aak_wearers_find (printer->wearers, event->label);
  if (!matches_pod (printer->options, folded, &owner))
    return NULL;
  g_autofree char *position = aak_source_position (printer->source);
  AakEventOrigin origin = { position, sender };
  return aak_cli_json (printer->cli) ? aak_event_to_json (record, event, &origin, &owner)
                                     : aak_event_to_text (record, event, &origin, &owner);
}

static void
warn_odd (Printer *printer, const char *reason)
{
  g_autofree char *position = aak_source_position (printer->source);
  aak_cli_warn (printer->cli, "%s: %s", position, reason);
}

/* The line of what the D-Bus daemon decided, or NULL where it is nothing of the kind. */
static char *
read_dbus (Printer *printer, const AakSourceRecord *raw)
{
  AakRecord record;
  AakDbusSender sender;
  g_auto (AakEvent) event = { 0 };
  AakDbusResult result = printer->options->dbus
                             ? aak_dbus_record_parse (raw, printer->bus_uid, &record, &sender)
                             : AAK_DBUS_OTHER;
  printer->foreign += result == AAK_DBUS_FOREIGN;
  if (result != AAK_DBUS_RECORD || aak_event_from_record (&record, &event, NULL) != AAK_EVENT_OK)
    return NULL;
  return event_line (printer, &record, &event, &sender);
}

/* The line of a record, or NULL where it is no event that is wanted. */
static char *
read_line (Printer *printer, const AakSourceRecord *raw)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  const char *reason = NULL;
  AakRecordResult result = aak_source_parse (printer->source, raw, &record);
  if (result == AAK_RECORD_MALFORMED)
    warn_odd (printer, "claims to be an AppArmor record and does not parse");
  if (result != AAK_RECORD_APPARMOR)
    return read_dbus (printer, raw);
  if (aak_event_from_record (&record, &event, &reason) == AAK_EVENT_MALFORMED)
    {
      printer->source->account.malformed++;
      warn_odd (printer, reason);
      return NULL;
    }
  return event_line (printer, &record, &event, NULL);
}

/* What is read to its end has no clock. */
static gint64
now (const Printer *printer)
{
  return aak_source_fd (printer->source) < 0 ? 0 : g_get_monotonic_time ();
}

static void
take (Printer *printer, const AakSourceRecord *raw)
{
  g_autofree char *line = read_line (printer, raw);
  if (printer->assembler != NULL)
    aak_event_assembler_take (printer->assembler, raw, line, now (printer));
  else if (line != NULL)
    print_line (line, printer);
}

/* --- the loop -------------------------------------------------------------------------------- */

static AakSourceStatus
drain (Printer *printer, GError **error)
{
  AakSourceRecord raw;
  for (guint i = 0; i < DRAIN_MAX; i++)
    {
      AakSourceStatus status = aak_source_next (printer->source, &raw, error);
      if (status != AAK_SOURCE_RECORD)
        return status;
      take (printer, &raw);
    }
  return AAK_SOURCE_RECORD;
}

/* Waits for more, no longer than an event may wait for its companions. */
static gboolean
wait_for_more (Printer *printer, GError **error)
{
  struct pollfd fd = { .fd = aak_source_fd (printer->source), .events = POLLIN };
  int patience = printer->assembler != NULL
                     ? aak_event_assembler_expire (printer->assembler, g_get_monotonic_time ())
                     : -1;
  fflush (stdout);
  if (poll (&fd, 1, patience) < 0 && errno != EINTR)
    return aak_error_set_errno (error, errno, "cannot wait for records");
  return TRUE;
}

/* Prints until the source ends, a signal comes, or nobody reads any more. */
static gboolean
read_all (Printer *printer, GError **error)
{
  while (!stopped)
    {
      GError *why = NULL;
      AakSourceStatus status = drain (printer, &why);
      if (status == AAK_SOURCE_FAILED)
        {
          g_autofree char *damage = aak_source_count_damage (printer->source, why, error);
          if (damage == NULL)
            return FALSE;
          aak_cli_warn (printer->cli, "%s", damage);
          continue;
        }
      if (status == AAK_SOURCE_END || fflush (stdout) != 0)
        return TRUE;
      if (status == AAK_SOURCE_AGAIN && !wait_for_more (printer, error))
        return FALSE;
    }
  return TRUE;
}

/* What waits is printed even where the source failed. */
static gboolean
run (Printer *printer, GError **error)
{
  gboolean ok = read_all (printer, error);
  if (printer->assembler != NULL)
    aak_event_assembler_flush (printer->assembler);
  return ok;
}

static int
finish (Printer *printer)
{
  const AakAccount *account = aak_source_account (printer->source);
  aak_cli_note (printer->cli,
                "%" G_GUINT64_FORMAT " events in %" G_GUINT64_FORMAT
                " records of %s, %" G_GUINT64_FORMAT " lost",
                printer->printed, account->records, aak_source_name (printer->source),
                aak_account_lost (account));
  if (account->blind)
    aak_cli_warn (printer->cli, "how many were lost is not known");
  aak_dbus_user_warn_foreign (printer->cli, printer->foreign);
  return aak_account_is_complete (account) ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}

static gboolean
parse (AakCli *cli, Options *options, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "input", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs,
      "Read an audit log, - for standard input (again for more)", "FILE" },
    { "source", 0, 0, G_OPTION_ARG_STRING, &options->source,
      "auto (default), netlink, audit-log[=FILE], journald[=DIR] or kmsg", "SOURCE" },
    { "keep-limits", 0, 0, G_OPTION_ARG_NONE, &options->keep_limits,
      "Do not raise the kernel's audit limits meanwhile", NULL },
    { "pod", 0, 0, G_OPTION_ARG_STRING, &options->pod, "Only events of this pod or workload",
      "NAME" },
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, &options->namespace,
      "Only events of pods of this namespace", "NS" },
    { "profile", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->profiles,
      "Only events of this label or glob (again for more)", "LABEL" },
    { "dbus", 0, 0, G_OPTION_ARG_NONE, &options->dbus,
      "Also what the D-Bus daemon decided, with who sent it", NULL },
    { NULL },
  };
  return aak_cli_parse (cli, entries, "", examples, &argc, &argv, error)
         && aak_cli_no_words (argc, argv, error);
}

int
aak_cmd_events (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, argc, argv, error))
    return AAK_EXIT_USAGE;
  const char *const sources[] = { options.source, NULL };
  AakSourceChoice choice = { .sources = options.source != NULL ? sources : NULL,
                             .inputs = (const char *const *) options.inputs,
                             .keep_limits = options.keep_limits };
  g_autoptr (AakSource) source = aak_source_choose (cli, &choice, error);
  if (source == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (AakWearers) wearers = aak_wearers_new (aak_cli_root (cli));
  Printer printer = { .cli = cli, .options = &options, .source = source, .wearers = wearers };
  if (options.dbus && !aak_dbus_user_find (aak_cli_root (cli), &printer.bus_uid, error))
    return AAK_EXIT_FAILED;
  g_autoptr (AakEventAssembler) assembler =
      aak_event_assembler_new (aak_source_fd (source) < 0, print_line, &printer);
  if (aak_cli_json (cli))
    printer.assembler = assembler;
  struct sigaction action = { .sa_handler = on_signal };
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  interruptible = source;
  gboolean ok = run (&printer, error);
  interruptible = NULL;
  return ok ? finish (&printer) : AAK_EXIT_FAILED;
}
