/* SPDX-License-Identifier: GPL-2.0-or-later
 * The loop of a watch. */
#include "config.h"

#include "register/watch.h"

#include "lib/error.h"
#include "lib/lsm-watch.h"
#include "register/desired.h"
#include "register/notify.h"
#include "register/path-watch.h"
#include "register/plan.h"
#include "register/report.h"
#include "register/watch-report.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>

/* How long what goes on changing may put a look off, in settle times. */
#define MAX_SETTLE_TIMES 10
/* Somebody who changes many profiles is let finish with them, but no longer. */
#define DRIFT_MS 20
/* Somebody who changes them again and again is answered less often. */
#define MANY_DRIFTS   30
#define DRIFT_SLOW_MS 2000
#define MINUTE        (60 * G_USEC_PER_SEC)
/* What failed is tried again after 1, 2, 4 ... seconds. */
#define MAX_RETRY_SECONDS 60
/* For what no event tells: file systems of other nodes, what is mounted over a directory. */
#define RESCAN_SECONDS 300
#define LOCK_SECONDS   5

typedef struct
{
  AakCli *cli;
  const AakWatchOptions *options;
  GMainLoop *loop;
  AakPathWatch *paths;
  AakLsm *lsm; /* NULL until its files are there */
  AakLsmWatch *kernel;
  guint paths_source, kernel_source; /* of the main loop, like the timers; 0: none */
  guint settle_timer, drift_timer, retry_timer;
  gint64 changed_at;  /* when the paths began to change; 0: they do not */
  gint64 drifted_at;  /* when the kernel did; 0: it did not */
  gint64 minute;      /* when the minute began in which: */
  guint drifts;       /* were so many */
  GPtrArray *desired; /* of AakPolicy: what was brought in last; NULL: nothing yet */
  gboolean stale;     /* the paths may hold something else */
  GThread *reader;    /* that reads them; NULL: none does */
  gboolean again;     /* they changed meanwhile */
  GPtrArray *read;    /* what it read; NULL: */
  GError *read_error; /* why it could not */
  gboolean ready;     /* systemd was told */
  guint failures;     /* since the last success */
  char *problem;      /* that was told last and stands */
} Watch;

static void look (Watch *watch);

static void
stop_source (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

/* --- telling --------------------------------------------------------------------------------- */

static void
tell_systemd (Watch *watch, const char *status)
{
  if (watch->ready)
    aak_notify_status (status);
  else
    aak_notify_ready (status);
  watch->ready = TRUE;
}

static gboolean
on_retry (gpointer data)
{
  Watch *watch = data;
  watch->retry_timer = 0;
  look (watch);
  return G_SOURCE_REMOVE;
}

/* Tells the same problem once, and tries again later. */
static void
fail (Watch *watch, const GError *error)
{
  if (g_strcmp0 (watch->problem, error->message) != 0)
    {
      g_free (watch->problem);
      watch->problem = g_strdup (error->message);
      aak_watch_report_message (watch->cli, AAK_WATCH_FAILED, error->message);
      tell_systemd (watch, error->message);
    }
  guint seconds = watch->failures < 6 ? 1u << watch->failures : MAX_RETRY_SECONDS;
  watch->failures++;
  stop_source (&watch->retry_timer);
  watch->retry_timer = g_timeout_add_seconds (seconds, on_retry, watch);
}

static void
succeed (Watch *watch)
{
  g_autofree char *status =
      g_strdup_printf ("%u profiles are loaded as wanted", watch->desired->len);
  tell_systemd (watch, status);
  g_clear_pointer (&watch->problem, g_free);
  watch->failures = 0;
  stop_source (&watch->retry_timer);
}

/* --- the kernel ------------------------------------------------------------------------------ */

static gboolean
on_drift_timer (gpointer data)
{
  Watch *watch = data;
  watch->drift_timer = 0;
  look (watch);
  return G_SOURCE_REMOVE;
}

static gboolean
on_kernel (gint fd, GIOCondition condition, gpointer data)
{
  (void) fd;
  (void) condition;
  Watch *watch = data;
  gint64 now = g_get_monotonic_time ();
  if (!aak_lsm_watch_take (watch->kernel) || watch->drift_timer != 0)
    return G_SOURCE_CONTINUE;
  if (now - watch->minute > MINUTE)
    {
      watch->minute = now;
      watch->drifts = 0;
    }
  watch->drifted_at = now;
  watch->drift_timer =
      g_timeout_add (watch->drifts > MANY_DRIFTS ? DRIFT_SLOW_MS : DRIFT_MS, on_drift_timer, watch);
  return G_SOURCE_CONTINUE;
}

/* Opens AppArmor, whose files may come late in a boot. */
static gboolean
open_kernel (Watch *watch, GError **error)
{
  if (watch->lsm == NULL)
    watch->lsm = aak_report_open_lsm (watch->cli, error);
  if (watch->lsm == NULL)
    return FALSE;
  if (watch->kernel != NULL)
    return TRUE;
  watch->kernel = aak_lsm_watch_new (watch->lsm, error);
  if (watch->kernel == NULL)
    return FALSE;
  watch->kernel_source =
      g_unix_fd_add (aak_lsm_watch_fd (watch->kernel), G_IO_IN | G_IO_PRI, on_kernel, watch);
  return TRUE;
}

/* --- the paths ------------------------------------------------------------------------------- */

/* Reads the paths, and tells what is wrong with them though it was told before. */
static void
read_anew (Watch *watch)
{
  watch->stale = TRUE;
  watch->failures = 0;
  g_clear_pointer (&watch->problem, g_free);
  look (watch);
}

static gboolean
on_settled (gpointer data)
{
  Watch *watch = data;
  watch->settle_timer = 0;
  watch->changed_at = 0;
  read_anew (watch);
  return G_SOURCE_REMOVE;
}

/* Reads the paths once they have been quiet for the settle time, or changed for ten times that. */
static void
settle (Watch *watch)
{
  gint64 now = g_get_monotonic_time (), wait = watch->options->settle_ms;
  watch->again = TRUE;
  if (watch->changed_at == 0)
    watch->changed_at = now;
  gint64 left = MAX_SETTLE_TIMES * wait - (now - watch->changed_at) / 1000;
  stop_source (&watch->settle_timer);
  watch->settle_timer = g_timeout_add ((guint) CLAMP (left, 0, wait), on_settled, watch);
}

static gboolean
on_paths (gint fd, GIOCondition condition, gpointer data)
{
  (void) fd;
  (void) condition;
  Watch *watch = data;
  if (aak_path_watch_take (watch->paths))
    settle (watch);
  return G_SOURCE_CONTINUE;
}

static gboolean
renew_paths (Watch *watch, GError **error)
{
  stop_source (&watch->paths_source);
  if (watch->paths == NULL)
    watch->paths = aak_path_watch_new (watch->options->paths, error);
  else if (!aak_path_watch_renew (watch->paths, error))
    return FALSE;
  if (watch->paths == NULL)
    return FALSE;
  watch->paths_source = g_unix_fd_add (aak_path_watch_fd (watch->paths), G_IO_IN, on_paths, watch);
  return TRUE;
}

/* Brings @desired in; FALSE with an error. */
static gboolean
bring_in (Watch *watch, GPtrArray *desired, GError **error)
{
  gboolean news = desired != watch->desired;
  gint64 start = !news && watch->drifted_at != 0 ? watch->drifted_at : g_get_monotonic_time ();
  g_autoptr (GPtrArray) steps =
      aak_apply_run (watch->cli, watch->lsm, desired, &watch->options->apply, LOCK_SECONDS, error);
  if (steps == NULL)
    return FALSE;
  gboolean changed = aak_plan_count (steps, AAK_ACTION_KEEP) < steps->len;
  watch->drifts += !news && changed;
  watch->drifted_at = 0;
  if (news || changed)
    aak_watch_report_steps (watch->cli, news ? AAK_WATCH_GENERATION : AAK_WATCH_DRIFT, steps,
                            g_get_monotonic_time () - start);
  return TRUE;
}

/* Ends the reader, and gives what it read of one moment: NULL without an error where the paths
 * changed meanwhile, and will be read again. */
static GPtrArray *
end_reading (Watch *watch, GError **error)
{
  g_thread_join (g_steal_pointer (&watch->reader));
  g_autoptr (GPtrArray) desired = g_steal_pointer (&watch->read);
  g_autoptr (GError) why = g_steal_pointer (&watch->read_error);
  if (aak_path_watch_take (watch->paths) || (watch->again && watch->settle_timer == 0))
    settle (watch);
  if (watch->again)
    return NULL;
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return g_steal_pointer (&desired);
}

static gboolean
on_read (gpointer data)
{
  Watch *watch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) desired = end_reading (watch, &error);
  if (desired != NULL && bring_in (watch, desired, &error))
    {
      g_clear_pointer (&watch->desired, g_ptr_array_unref);
      watch->desired = g_steal_pointer (&desired);
      watch->stale = FALSE;
      succeed (watch);
    }
  if (error != NULL)
    fail (watch, error);
  return G_SOURCE_REMOVE;
}

/* Texts take long to compile: the kernel is guarded meanwhile. */
static gpointer
read_paths (gpointer data)
{
  Watch *watch = data;
  watch->read = aak_desired_read (watch->cli, watch->options->paths, &watch->read_error);
  g_idle_add (on_read, watch);
  return NULL;
}

static gboolean
begin_reading (Watch *watch, GError **error)
{
  if (watch->reader != NULL)
    return TRUE;
  if (!renew_paths (watch, error))
    return FALSE;
  watch->again = FALSE;
  watch->reader = g_thread_try_new ("read", read_paths, watch, error);
  return watch->reader != NULL;
}

/* Whatever is to be done: puts the kernel right first, then reads the paths where they may hold
 * something else. What cannot be read or brought in leaves the last generation in force. */
static void
look (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  gboolean done = open_kernel (watch, &error)
                  && (watch->desired == NULL || bring_in (watch, watch->desired, &error));
  if (done && watch->stale)
    done = begin_reading (watch, &error);
  if (!done)
    fail (watch, error);
  else if (!watch->stale)
    succeed (watch);
}

/* --- the loop -------------------------------------------------------------------------------- */

static gboolean
on_rescan (gpointer data)
{
  Watch *watch = data;
  watch->stale = TRUE;
  look (watch);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_hangup (gpointer data)
{
  Watch *watch = data;
  aak_notify_reloading ();
  watch->ready = FALSE;
  read_anew (watch);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_stop (gpointer data)
{
  Watch *watch = data;
  aak_notify_stopping ();
  g_main_loop_quit (watch->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_alive (gpointer data)
{
  (void) data;
  aak_notify_alive ();
  return G_SOURCE_CONTINUE;
}

static void
watch_clear (Watch *watch)
{
  guint *sources[] = { &watch->paths_source, &watch->kernel_source, &watch->settle_timer,
                       &watch->drift_timer, &watch->retry_timer };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    stop_source (sources[i]);
  if (watch->reader != NULL)
    {
      g_thread_join (watch->reader);
      g_idle_remove_by_data (watch);
    }
  g_clear_pointer (&watch->read, g_ptr_array_unref);
  g_clear_error (&watch->read_error);
  g_clear_pointer (&watch->paths, aak_path_watch_free);
  g_clear_pointer (&watch->kernel, aak_lsm_watch_free);
  g_clear_pointer (&watch->lsm, aak_lsm_free);
  g_clear_pointer (&watch->desired, g_ptr_array_unref);
  g_clear_pointer (&watch->problem, g_free);
  g_clear_pointer (&watch->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

/* AppArmor that is off stays so; files of it that are not mounted yet may come. */
static gboolean
check_kernel (Watch *watch, GError **error)
{
  g_autoptr (GError) local = NULL;
  watch->lsm = aak_report_open_lsm (watch->cli, &local);
  if (watch->lsm != NULL)
    return aak_lsm_check_privileges (watch->lsm, error);
  if (aak_lsm_may_come (aak_cli_root (watch->cli)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
aak_watch_run (AakCli *cli, const AakWatchOptions *options, GError **error)
{
  g_auto (Watch) watch = { .cli = cli, .options = options, .stale = TRUE };
  if (!check_kernel (&watch, error))
    return FALSE;
  watch.loop = g_main_loop_new (NULL, FALSE);
  guint alive = aak_notify_alive_interval ();
  guint sources[] = {
    g_unix_signal_add (SIGTERM, on_stop, &watch),
    g_unix_signal_add (SIGINT, on_stop, &watch),
    g_unix_signal_add (SIGHUP, on_hangup, &watch),
    g_timeout_add_seconds (RESCAN_SECONDS, on_rescan, &watch),
    alive > 0 ? g_timeout_add (alive, on_alive, NULL) : 0,
  };
  look (&watch);
  g_main_loop_run (watch.loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    stop_source (&sources[i]);
  aak_watch_report_message (cli, AAK_WATCH_STOPPED, "everything stays loaded");
  return TRUE;
}
