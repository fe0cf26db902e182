/* SPDX-License-Identifier: GPL-2.0-or-later
 * The recording loop. */
#include "config.h"

#include "learn/session.h"

#include "learn/live-block.h"
#include "learn/live-outlook.h"
#include "learn/scan.h"
#include "learn/stability.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/processors.h"
#include "lib/term-block.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#define TICK_MS       500 /* how often the pod is looked for */
#define CHECKPOINT_MS 5000
#define IDLE_FACTOR   12   /* how much older it may get where nothing came that is learned */
#define DRAIN_MAX     4096 /* records between two looks at the clock */
#define LAST_DRAIN_US (10 * G_USEC_PER_SEC)
#define LAST_WAIT_US  G_USEC_PER_SEC /* of it, once the source had nothing for the first time */
#define QUIET_MS      200
#define MAX_WORKERS   4 /* that read one log: beyond, reading it is the limit */

typedef struct
{
  AakSession *session;
  gint64 begun;      /* monotonic, µs */
  gint64 checkpoint; /* when the last one was written */
  gint64 tick;
  guint64 checkpoint_events;
  guint64 checkpoint_records;
  AakStability stability;
  AakLiveBlock *block; /* NULL where a log is read to its end */
  AakLiveOutlook outlook;
  gboolean ended;
} Loop;

/* --- a recording that was killed ------------------------------------------------------------- */

/* Goes on with @run, now that @source began where that one was. */
static gboolean
go_on (AakSession *session, AakSource *source, const AakRun *run, GError **error)
{
  g_autoptr (GDateTime) begun = g_date_time_new_from_unix_utc ((gint64) (run->start / 1000));
  g_autofree char *when = begun != NULL ? g_date_time_format (begun, "%FT%TZ") : g_strdup ("?");
  aak_cli_note (session->cli, "goes on with the recording of %s, which was cut short", when);
  if (source->gap != NULL)
    aak_cli_warn (session->cli, "what came between that one and this one may be missing: %s",
                  source->gap);
  source->carried = run->account;
  session->stamp->start = run->start;
  return aak_result_go_on (session->result, session->recorder->attribution, run, error);
}

AakSource *
aak_session_open_source (AakSession *session, const AakSourceChoice *choice, GError **error)
{
  AakSourceChoice exact = *choice;
  if (session->stamp->start != 0)
    exact.unfinished = aak_result_unfinished (session->result, session->stamp, session->pods);
  g_autoptr (AakSource) source = aak_source_choose (session->cli, &exact, error);
  if (source == NULL)
    return NULL;
  gboolean same = exact.unfinished != NULL && aak_source_choice_goes_on (&exact, source);
  if (same && !go_on (session, source, exact.unfinished, error))
    return NULL;
  if (exact.unfinished != NULL && !same)
    aak_cli_warn (session->cli,
                  "an earlier recording was cut short; it read another source (%s), so that this "
                  "one begins anew: what came between the two is in neither",
                  exact.unfinished->source);
  aak_result_close_unfinished (session->result, session->stamp->node);
  return session->source = g_steal_pointer (&source);
}

/* --- the loop -------------------------------------------------------------------------------- */

/* Makes SIGINT and SIGTERM readable. */
static int
block_signals (sigset_t *out_set, GError **error)
{
  sigemptyset (out_set);
  sigaddset (out_set, SIGINT);
  sigaddset (out_set, SIGTERM);
  sigprocmask (SIG_BLOCK, out_set, NULL);
  int fd = signalfd (-1, out_set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0)
    aak_error_set_errno (error, errno, "cannot wait for signals");
  return fd;
}

/* Ends the loop, for the first reason that there is. */
static void
end (Loop *loop, const char *why)
{
  if (!loop->ended)
    loop->session->recorder->ended = why;
  loop->ended = TRUE;
}

static void
on_news (const AakObservation *access, gpointer user_data)
{
  aak_live_block_add (user_data, access, g_get_monotonic_time ());
}

static void
draw (Loop *loop, gint64 now)
{
  const AakSession *session = loop->session;
  if (!aak_live_block_is_due (loop->block, session->cli, session->recorder->events, now))
    return;
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (session->recorder->attribution);
  AakLiveFigures figures = { .events = session->recorder->events,
                             .lost = aak_account_lost (&session->source->total),
                             .blind = session->source->total.blind,
                             .stable_us = session->stable * G_USEC_PER_SEC };
  aak_live_outlook_update (&loop->outlook, subjects, now, &figures);
  aak_live_block_draw (loop->block, session->cli, &figures, now);
}

/* A full disk ends no recording: the last checkpoint stands, and the next may fit. */
static void
write_checkpoint (Loop *loop, gint64 now)
{
  AakSession *session = loop->session;
  g_autoptr (GError) error = NULL;
  loop->checkpoint = now;
  loop->checkpoint_events = session->recorder->events;
  loop->checkpoint_records = session->source->account.records;
  aak_run_stamp_apply (session->stamp, session->recorder, session->source, FALSE);
  if (!aak_result_checkpoint (session->result, session->recorder, &error))
    aak_cli_warn (session->cli, "no checkpoint: %s", error->message);
}

/* Only what is recorded live can be gone on with; a log is read again from its beginning. Where
 * nothing came that is learned, only the position changes, and that is not so urgent. */
static gboolean
is_checkpoint_due (const Loop *loop, gint64 now)
{
  const AakSession *session = loop->session;
  if (session->stamp->start == 0)
    return FALSE;
  guint64 age = (guint64) (now - loop->checkpoint) / 1000;
  guint64 due = session->checkpoint_ms != 0 ? session->checkpoint_ms : CHECKPOINT_MS;
  if (session->recorder->events != loop->checkpoint_events)
    return age >= due;
  return session->source->account.records != loop->checkpoint_records && age >= due * IDLE_FACTOR;
}

static void
tell_notice (const Loop *loop)
{
  AakSource *source = loop->session->source;
  if (source->notice != NULL)
    aak_cli_warn (loop->session->cli, "%s", source->notice);
  g_clear_pointer (&source->notice, g_free);
}

/* What is done now and then. */
static void
on_tick (Loop *loop)
{
  gint64 now = g_get_monotonic_time ();
  aak_stability_note (&loop->stability, loop->session->recorder->news,
                      loop->session->recorder->events, now);
  if (is_checkpoint_due (loop, now))
    write_checkpoint (loop, now);
  draw (loop, now);
  if (now - loop->tick < TICK_MS * 1000)
    return;
  loop->tick = now;
  aak_source_account (loop->session->source);
  if (loop->session->pods != NULL)
    aak_pod_watch_scan (loop->session->pods);
  tell_notice (loop);
  if (loop->session->seconds != 0
      && now - loop->begun >= (gint64) loop->session->seconds * G_USEC_PER_SEC)
    end (loop, "time");
  if (aak_stability_is_reached (&loop->stability, loop->session->stable, now))
    end (loop, "stable");
}

/* A file that cannot be read on ends there: what came before counts, and the next file is read all
 * the same. Takes @why. */
static gboolean
count_damage (Loop *loop, GError *why, GError **error)
{
  g_autofree char *damage = aak_source_count_damage (loop->session->source, why, error);
  if (damage != NULL)
    aak_cli_warn (loop->session->cli, "%s; what came before counts", damage);
  return damage != NULL;
}

/* Takes what there is; FALSE with an error. */
static gboolean
take (Loop *loop, GError **error)
{
  GError *why = NULL;
  switch (aak_recorder_drain (loop->session->recorder, loop->session->source, DRAIN_MAX, &why))
    {
    case AAK_SOURCE_FAILED:
      return count_damage (loop, why, error);
    case AAK_SOURCE_END:
      end (loop, "input");
      return TRUE;
    case AAK_SOURCE_RECORD:
    case AAK_SOURCE_AGAIN:
      return TRUE;
    }
  return TRUE;
}

static gboolean
wait_and_take (Loop *loop, int signal_fd, GError **error)
{
  int source_fd = aak_source_fd (loop->session->source);
  struct pollfd fds[2] = { { .fd = signal_fd, .events = POLLIN },
                           { .fd = source_fd, .events = POLLIN } };
  int patience =
      aak_live_block_patience (loop->block, loop->session->cli, loop->session->recorder->events,
                               g_get_monotonic_time (), TICK_MS);
  int ready = poll (fds, 2, source_fd < 0 ? 0 : patience);
  if (ready < 0 && errno != EINTR)
    return aak_error_set_errno (error, errno, "cannot wait for records");
  if (ready > 0 && fds[0].revents != 0)
    {
      end (loop, "signal");
      return TRUE;
    }
  return (source_fd >= 0 && fds[1].revents == 0) || take (loop, error);
}

/* TRUE where more comes before the source was quiet for a while. */
static gboolean
wait_for_more (const Loop *loop)
{
  struct pollfd fd = { .fd = aak_source_fd (loop->session->source), .events = POLLIN };
  return poll (&fd, 1, QUIET_MS) > 0;
}

/* How many they are, and whether they tell of AppArmor, nobody knows. */
static void
count_unread (const Loop *loop, const char *where)
{
  loop->session->source->carried.unsized++;
  aak_cli_warn (loop->session->cli,
                "%u s after the end there were still records that could not be read (%s): what "
                "they tell of is missing; record again while the node's auditing keeps up",
                (guint) (LAST_DRAIN_US / G_USEC_PER_SEC), where);
}

/* What was on its way when the end came: in the kernel's queue, or in the hands of a daemon that
 * writes the log. Bounded, since the pod may go on. */
static gboolean
drain_rest (Loop *loop, GError **error)
{
  AakSource *source = loop->session->source;
  gint64 deadline = g_get_monotonic_time () + LAST_DRAIN_US;
  AakSourceStatus status;
  const char *unsettled = "the source never came to its end";
  gboolean more = TRUE;
  do
    {
      status = aak_recorder_drain (loop->session->recorder, source, DRAIN_MAX, error);
      if (status != AAK_SOURCE_AGAIN)
        continue;
      if (unsettled != NULL && (unsettled = aak_source_unsettled (source)) == NULL)
        deadline = MIN (deadline, g_get_monotonic_time () + LAST_WAIT_US);
      more = wait_for_more (loop) || unsettled != NULL;
    }
  while (more && status != AAK_SOURCE_FAILED && status != AAK_SOURCE_END
         && g_get_monotonic_time () < deadline);
  if (unsettled != NULL && status != AAK_SOURCE_FAILED && status != AAK_SOURCE_END)
    count_unread (loop, unsettled);
  return status != AAK_SOURCE_FAILED;
}

/* --- a log that is read to its end ----------------------------------------------------------- */

/* Waits until @scan has read all, a signal comes, or the time is over. */
static gboolean
wait_for_scan (Loop *loop, AakScan *scan, int signal_fd, GError **error)
{
  const AakSession *session = loop->session;
  struct pollfd fds[2] = { { .fd = signal_fd, .events = POLLIN },
                           { .fd = aak_scan_fd (scan), .events = POLLIN } };
  while (fds[1].revents == 0)
    {
      gint64 elapsed = g_get_monotonic_time () - loop->begun;
      if (poll (fds, 2, TICK_MS) < 0 && errno != EINTR)
        return aak_error_set_errno (error, errno, "cannot wait for the input");
      gboolean over =
          session->seconds != 0 && elapsed >= (gint64) session->seconds * G_USEC_PER_SEC;
      if (fds[0].revents != 0 || over)
        {
          end (loop, over ? "time" : "signal");
          aak_scan_stop (scan);
          return TRUE;
        }
      if (!aak_cli_live (session->cli))
        continue;
      g_autofree char *time = aak_term_minutes (elapsed);
      g_autofree char *line =
          g_strdup_printf ("%s  %" G_GUINT64_FORMAT " events  (Ctrl-C finishes)", time,
                           aak_scan_events (scan));
      aak_cli_progress (session->cli, line);
    }
  return TRUE;
}

static gboolean
run_scan (Loop *loop, int signal_fd, GError **error)
{
  AakSession *session = loop->session;
  if (session->pods != NULL)
    aak_pod_watch_scan (session->pods);
  g_autoptr (AakScan) scan = aak_scan_start (session->recorder, session->source,
                                             MIN (aak_processors (), MAX_WORKERS), error);
  if (scan == NULL || !wait_for_scan (loop, scan, signal_fd, error))
    return FALSE;
  end (loop, "input");
  g_autoptr (GPtrArray) failures = aak_scan_finish (scan);
  for (guint i = 0; i < failures->len; i++)
    if (!count_damage (loop, g_error_copy (failures->pdata[i]), error))
      return FALSE;
  return TRUE;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* Says whether what the recording was to wait for came true. */
static void
tell_stability (const Loop *loop, gint64 now)
{
  const AakSession *session = loop->session;
  gboolean warning = FALSE;
  if (session->stable == 0 || session->recorder->events == 0)
    return;
  g_autofree char *text = aak_stability_explain (&loop->stability, session->stable,
                                                 session->recorder->events, now, &warning);
  if (warning)
    aak_cli_warn (session->cli, "%s", text);
  else
    aak_cli_note (session->cli, "%s", text);
}

static gboolean
run_loop (Loop *loop, int signal_fd, GError **error)
{
  g_autoptr (AakLiveBlock) block = loop->block = aak_live_block_new (loop->begun);
  AakRecorder *recorder = loop->session->recorder;
  gboolean ok = TRUE;
  recorder->on_news = on_news;
  recorder->news_data = block;
  /* The first one says where the recording began, should it be killed before the second. */
  if (loop->session->stamp->start != 0)
    write_checkpoint (loop, loop->begun);
  while (ok && !loop->ended)
    {
      on_tick (loop);
      ok = wait_and_take (loop, signal_fd, error);
    }
  recorder->on_news = NULL;
  tell_stability (loop, g_get_monotonic_time ());
  return ok;
}

gboolean
aak_session_run (AakSession *session, GError **error)
{
  sigset_t signals;
  g_auto (AakFd) signal_fd = block_signals (&signals, error);
  if (signal_fd < 0)
    return FALSE;
  gint64 now = g_get_monotonic_time ();
  Loop loop = { .session = session, .begun = now, .checkpoint = now };
  gboolean ok = aak_source_has_blocks (session->source) ? run_scan (&loop, signal_fd, error)
                                                        : run_loop (&loop, signal_fd, error);
  /* From here on a second Ctrl-C ends the program at once. */
  struct signalfd_siginfo taken;
  while (read (signal_fd, &taken, sizeof taken) > 0)
    continue;
  sigprocmask (SIG_UNBLOCK, &signals, NULL);
  ok = ok && (aak_source_fd (session->source) < 0 || drain_rest (&loop, error));
  aak_source_account (session->source);
  tell_notice (&loop);
  return ok;
}
