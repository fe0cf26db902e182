/* SPDX-License-Identifier: GPL-2.0-or-later
 * The recording loop. */
#include "config.h"

#include "learn/session.h"

#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#define TICK_MS       500 /* how often the pod is looked for and the live line is drawn */
#define CHECKPOINT_US (5 * G_USEC_PER_SEC)
#define DRAIN_MAX     4096 /* records between two looks at the clock */
#define LAST_DRAIN_US (10 * G_USEC_PER_SEC)

typedef struct
{
  AakSession *session;
  gint64 begun;      /* monotonic, µs */
  gint64 checkpoint; /* when the last one was written */
  gint64 tick;
  guint64 checkpoint_events;
  gboolean ended;
} Loop;

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

static void
draw (Loop *loop, gint64 now)
{
  const AakSession *session = loop->session;
  if (!aak_cli_live (session->cli))
    return;
  gint64 seconds = (now - loop->begun) / G_USEC_PER_SEC;
  g_autofree char *line =
      g_strdup_printf ("%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT "  %" G_GUINT64_FORMAT
                       " events  %" G_GUINT64_FORMAT " new  %" G_GUINT64_FORMAT
                       " lost  (Ctrl-C finishes)",
                       seconds / 60, seconds % 60, session->recorder->events,
                       session->recorder->news, aak_account_lost (&session->source->account));
  aak_cli_progress (session->cli, line);
}

static gboolean
write_checkpoint (Loop *loop, gint64 now, GError **error)
{
  AakSession *session = loop->session;
  if (now - loop->checkpoint < CHECKPOINT_US
      || session->recorder->events == loop->checkpoint_events)
    return TRUE;
  loop->checkpoint = now;
  loop->checkpoint_events = session->recorder->events;
  aak_run_stamp_apply (session->stamp, session->recorder, session->source);
  return aak_result_checkpoint (session->result, session->recorder, error);
}

/* What is done now and then. A full disk ends no recording: the last checkpoint stands, and the
 * next may fit. */
static void
on_tick (Loop *loop)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  if (now - loop->tick < TICK_MS * 1000)
    return;
  loop->tick = now;
  aak_source_account (loop->session->source);
  if (loop->session->pods != NULL)
    aak_pod_watch_scan (loop->session->pods);
  if (!write_checkpoint (loop, now, &error))
    aak_cli_warn (loop->session->cli, "no checkpoint: %s", error->message);
  draw (loop, now);
  if (loop->session->seconds != 0
      && now - loop->begun >= (gint64) loop->session->seconds * G_USEC_PER_SEC)
    loop->ended = TRUE;
}

/* Takes what there is; FALSE with an error. */
static gboolean
take (Loop *loop, GError **error)
{
  switch (aak_recorder_drain (loop->session->recorder, loop->session->source, DRAIN_MAX, error))
    {
    case AAK_SOURCE_FAILED:
      return FALSE;
    case AAK_SOURCE_END:
      loop->ended = TRUE;
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
  int ready = poll (fds, 2, source_fd < 0 ? 0 : TICK_MS);
  if (ready < 0 && errno != EINTR)
    return aak_error_set_errno (error, errno, "cannot wait for records");
  if (ready > 0 && fds[0].revents != 0)
    {
      loop->ended = TRUE;
      return TRUE;
    }
  return (source_fd >= 0 && fds[1].revents == 0) || take (loop, error);
}

/* What the kernel had queued when the end came; bounded, since the pod may go on writing. */
static gboolean
drain_rest (Loop *loop, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + LAST_DRAIN_US;
  AakSourceStatus status;
  do
    status = aak_recorder_drain (loop->session->recorder, loop->session->source, DRAIN_MAX, error);
  while (status == AAK_SOURCE_RECORD && g_get_monotonic_time () < deadline);
  return status != AAK_SOURCE_FAILED;
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
  gboolean ok = TRUE;
  while (ok && !loop.ended)
    {
      on_tick (&loop);
      ok = wait_and_take (&loop, signal_fd, error);
    }
  /* From here on a second Ctrl-C ends the program at once. */
  struct signalfd_siginfo taken;
  while (read (signal_fd, &taken, sizeof taken) > 0)
    continue;
  sigprocmask (SIG_UNBLOCK, &signals, NULL);
  return ok && (aak_source_fd (session->source) < 0 || drain_rest (&loop, error));
}
