/* SPDX-License-Identifier: GPL-2.0-or-later
 * The loop of a watch. */
#include "config.h"

#include "register/watch.h"

#include "lib/error.h"
#include "lib/lsm-watch.h"
#include "register/export.h"
#include "register/guard.h"
#include "register/notify.h"
#include "register/pace.h"
#include "register/path-reader.h"
#include "register/path-watch.h"
#include "register/plan.h"
#include "register/ready.h"
#include "register/report.h"
#include "register/seccomp-files.h"
#include "register/watch-report.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>

/* How long what goes on changing may put a look off, in settle times. */
#define MAX_SETTLE_TIMES 10
/* What changes during each of so many readings is told of. */
#define MAX_TORN 10
/* What failed is tried again after 1, 2, 4 ... seconds. */
#define MAX_RETRY_SECONDS 60
/* For what no event tells: file systems of other nodes, what is mounted over a directory. */
#define RESCAN_SECONDS 300
#define LOCK_SECONDS   5

typedef struct
{
  AakCli *cli;
  const AakWatchOptions *options;
  AakExporter *exporter; /* NULL: nothing is exported */
  GMainLoop *loop;
  AakPathReader *reader;
  AakPathWatch *paths; /* NULL where inotify has no room for it */
  AakLsm *lsm;         /* NULL until its files are there */
  AakLsmWatch *kernel; /* NULL where it cannot be watched */
  AakPathWatch *files; /* of seccomp profiles; NULL: there are none */
  guint files_source;  /* of the main loop, like the timers; 0: none */
  guint paths_source, kernel_source;
  guint settle_timer, drift_timer, retry_timer;
  AakPace pace;
  gint64 changed_at;    /* when the paths began to change; 0: they do not */
  gint64 drifted_at;    /* when the kernel did; 0: it did not */
  AakDesired *desired;  /* what was brought in last; NULL: nothing yet */
  AakApplyOptions keep; /* how that is kept: what was aakit's own then still is */
  gboolean stale;       /* the paths may hold something else */
  gboolean again;       /* they do, or shall be read anew, since the reader began */
  guint torn;           /* readings in a row for which that was so */
  GError *blind;        /* what could not be watched when the reader began; NULL: nothing */
  gboolean ready;       /* systemd was told */
  guint failures;       /* since the last success */
  char *problem;        /* that was told last and stands */
} Watch;

static void look (Watch *watch);
static gboolean on_drift_timer (gpointer data);

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

/* Tells whoever looks at the file; where that cannot be, the file is not there, or somebody else
 * made it so. */
static void
tell_file (Watch *watch, gboolean ready)
{
  g_autoptr (GError) error = NULL;
  if (!aak_ready_set (watch->options->ready, ready, &error))
    aak_cli_warn (watch->cli, "--ready: %s", error->message);
}

/* Tells the same problem once, and tries again later. */
static void
fail (Watch *watch, const GError *error)
{
  aak_exporter_tell (watch->exporter, AAK_EXPORT_FAILURE);
  tell_file (watch, FALSE);
  if (g_strcmp0 (watch->problem, error->message) != 0)
    {
      g_free (watch->problem);
      watch->problem = g_strdup (error->message);
      aak_watch_report_message (watch->cli, AAK_WATCH_FAILED, error->message);
      tell_systemd (watch, error->message);
    }
  if (watch->retry_timer != 0) /* which whoever makes it fail all the time shall not put off */
    return;
  guint seconds = watch->failures < 6 ? 1u << watch->failures : MAX_RETRY_SECONDS;
  watch->failures++;
  watch->retry_timer = g_timeout_add_seconds (seconds, on_retry, watch);
}

static void
succeed (Watch *watch)
{
  aak_exporter_tell (watch->exporter, AAK_EXPORT_SUCCESS);
  g_autofree char *status =
      g_strdup_printf ("%u profiles are loaded as wanted",
                       watch->desired->policies->len + watch->desired->seccomp->len);
  tell_systemd (watch, status);
  tell_file (watch, TRUE);
  g_clear_pointer (&watch->problem, g_free);
  watch->failures = 0;
  stop_source (&watch->retry_timer);
}

/* --- the kernel ------------------------------------------------------------------------------ */

/* Takes over what was aakit's own when @steps were taken: it stays so, whatever becomes of the
 * store. */
static void
keep_own (Watch *watch, GPtrArray *steps)
{
  const AakApplyOptions *options = &watch->options->apply;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (aak_plan_is_desired (step) && step->owned)
        g_strv_builder_add (names, step->name);
    }
  aak_apply_options_clear (&watch->keep);
  watch->keep = *options;
  watch->keep.seccomp_dir = g_strdup (options->seccomp_dir);
  watch->keep.rules.adopt = (const char *const *) g_strv_builder_end (names);
}

static gboolean
has_changes (GPtrArray *steps)
{
  return steps != NULL && aak_plan_changes (steps) > 0;
}

/* What was brought in may be no more: a look follows. */
static void
expect_drift (Watch *watch)
{
  if (watch->drift_timer != 0)
    return;
  watch->drifted_at = g_get_monotonic_time ();
  watch->drift_timer =
      g_timeout_add (aak_pace_wait (&watch->pace, watch->drifted_at), on_drift_timer, watch);
}

static gboolean
on_files (gint fd, GIOCondition condition, gpointer data)
{
  (void) fd;
  (void) condition;
  Watch *watch = data;
  if (aak_path_watch_take (watch->files))
    expect_drift (watch);
  return G_SOURCE_CONTINUE;
}

/* Watches where the seccomp profiles of @desired are, or will be. */
static gboolean
watch_files (Watch *watch, const AakDesired *desired, GError **error)
{
  if (desired->seccomp->len == 0)
    return TRUE;
  if (watch->files == NULL)
    {
      g_autofree char *path =
          aak_seccomp_files_dir (aak_cli_root (watch->cli), watch->options->apply.seccomp_dir);
      const char *paths[] = { path, NULL };
      watch->files = aak_path_watch_new (paths, error);
      if (watch->files == NULL)
        return FALSE;
      watch->files_source =
          g_unix_fd_add (aak_path_watch_fd (watch->files), G_IO_IN, on_files, watch);
    }
  return aak_path_watch_renew (watch->files, error);
}

/* Puts back what was brought in last; FALSE with an error, and then as much of it as can be. */
static gboolean
put_back (Watch *watch, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  gint64 since = watch->drifted_at != 0 ? watch->drifted_at : begun;
  GError *local = NULL;
  gboolean seen = watch_files (watch, watch->desired, &local);
  g_autoptr (GPtrArray) steps = aak_apply_run (watch->cli, watch->lsm, watch->desired, &watch->keep,
                                               LOCK_SECONDS, seen ? &local : NULL);
  gboolean done = steps != NULL;
  if (!done)
    steps = aak_guard_run (watch->cli, watch->lsm, watch->desired->policies, &watch->keep, NULL);
  gint64 ended = g_get_monotonic_time ();
  gboolean changed = has_changes (steps);
  if (changed)
    {
      aak_watch_report_steps (watch->cli, AAK_WATCH_DRIFT, steps, ended - since);
      aak_exporter_tell (watch->exporter, AAK_EXPORT_DRIFT);
    }
  aak_pace_note (&watch->pace, begun, ended, changed);
  watch->drifted_at = 0;
  if (local != NULL)
    g_propagate_error (error, local);
  return done && seen;
}

/* Opens AppArmor, whose files may come late in a boot, and puts right what it holds. */
static gboolean
guard (Watch *watch, GError **error)
{
  if (watch->lsm == NULL)
    watch->lsm = aak_report_open_lsm (watch->cli, error);
  if (watch->lsm == NULL)
    return FALSE;
  return watch->desired == NULL || put_back (watch, error);
}

static gboolean
on_drift_timer (gpointer data)
{
  Watch *watch = data;
  g_autoptr (GError) error = NULL;
  watch->drift_timer = 0;
  if (!guard (watch, &error))
    fail (watch, error);
  else if (!watch->stale)
    succeed (watch);
  return G_SOURCE_REMOVE;
}

static gboolean
on_kernel (gint fd, GIOCondition condition, gpointer data)
{
  (void) fd;
  (void) condition;
  Watch *watch = data;
  if (aak_lsm_watch_take (watch->kernel))
    expect_drift (watch);
  return G_SOURCE_CONTINUE;
}

/* Without it drift is found whenever something else is to be done, and what fails is tried again.
 */
static gboolean
watch_kernel (Watch *watch, GError **error)
{
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
  watch->again = TRUE;
  watch->failures = 0;
  stop_source (&watch->retry_timer);
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
watch_paths (Watch *watch, GError **error)
{
  if (watch->paths == NULL)
    {
      watch->paths = aak_path_watch_new (watch->options->desired.paths, error);
      if (watch->paths == NULL)
        return FALSE;
      watch->paths_source =
          g_unix_fd_add (aak_path_watch_fd (watch->paths), G_IO_IN, on_paths, watch);
    }
  return aak_path_watch_renew (watch->paths, error);
}

/* Brings @desired in; FALSE with an error. */
static gboolean
bring_in (Watch *watch, AakDesired *desired, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  if (!watch_files (watch, desired, error))
    return FALSE;
  g_autoptr (GPtrArray) steps =
      aak_apply_run (watch->cli, watch->lsm, desired, &watch->options->apply, LOCK_SECONDS, error);
  if (steps == NULL)
    return FALSE;
  aak_watch_report_steps (watch->cli, AAK_WATCH_GENERATION, steps, g_get_monotonic_time () - begun);
  aak_exporter_tell (watch->exporter, AAK_EXPORT_GENERATION);
  keep_own (watch, steps);
  g_clear_pointer (&watch->desired, aak_desired_unref);
  watch->desired = aak_desired_ref (desired);
  return TRUE;
}

/* Ends the reader, and gives what it read of one moment: NULL without an error where the paths
 * changed meanwhile, and will be read again. */
static AakDesired *
end_reading (Watch *watch, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (AakDesired) desired = aak_path_reader_end (watch->reader, &why);
  if ((watch->paths != NULL && aak_path_watch_take (watch->paths))
      || (watch->again && watch->settle_timer == 0))
    settle (watch);
  watch->torn = watch->again ? watch->torn + 1 : 0;
  if (watch->torn >= MAX_TORN)
    g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                 "%s goes on changing while it is read: the profiles that were good last stay",
                 watch->options->desired.paths[0]);
  else if (!watch->again && why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return watch->again ? NULL : g_steal_pointer (&desired);
}

static gboolean
on_read (gpointer data)
{
  Watch *watch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AakDesired) desired = end_reading (watch, &error);
  if (desired != NULL && bring_in (watch, desired, &error))
    {
      watch->stale = watch->blind != NULL;
      error = g_steal_pointer (&watch->blind);
    }
  if (error != NULL)
    fail (watch, error);
  else if (!watch->stale)
    succeed (watch);
  return G_SOURCE_REMOVE;
}

/* What is to be read is watched first, so that no change is missed; what cannot be watched is read
 * all the same, and again whenever that is tried anew. */
static gboolean
begin_reading (Watch *watch, GError **error)
{
  if (aak_path_reader_busy (watch->reader))
    return TRUE;
  watch->again = FALSE;
  g_clear_error (&watch->blind);
  gboolean seen = watch_kernel (watch, &watch->blind);
  watch_paths (watch, seen ? &watch->blind : NULL);
  return aak_path_reader_begin (watch->reader, error);
}

/* Whatever is to be done: puts the kernel right first, then reads the paths where they may hold
 * something else. What cannot be read or brought in leaves the last generation in force. */
static void
look (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  gboolean guarded = guard (watch, &error);
  if (watch->lsm != NULL && watch->stale)
    guarded = begin_reading (watch, guarded ? &error : NULL) && guarded;
  if (!guarded)
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
  guint *sources[] = { &watch->files_source, &watch->paths_source, &watch->kernel_source,
                       &watch->settle_timer, &watch->drift_timer,  &watch->retry_timer };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    stop_source (sources[i]);
  g_clear_pointer (&watch->reader, aak_path_reader_free);
  aak_exporter_free (watch->exporter);
  g_clear_pointer (&watch->paths, aak_path_watch_free);
  g_clear_pointer (&watch->files, aak_path_watch_free);
  g_clear_pointer (&watch->kernel, aak_lsm_watch_free);
  g_clear_pointer (&watch->lsm, aak_lsm_free);
  g_clear_pointer (&watch->desired, aak_desired_unref);
  aak_apply_options_clear (&watch->keep);
  g_clear_error (&watch->blind);
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
  watch.reader = aak_path_reader_new (cli, &options->desired, on_read, &watch, error);
  if (watch.reader == NULL || !aak_ready_set (options->ready, FALSE, error)
      || !check_kernel (&watch, error))
    return FALSE;
  watch.loop = g_main_loop_new (NULL, FALSE);
  watch.exporter = aak_exporter_new (cli, &options->export);
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
  tell_file (&watch, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    stop_source (&sources[i]);
  aak_watch_report_message (cli, AAK_WATCH_STOPPED, "everything stays loaded");
  return TRUE;
}
