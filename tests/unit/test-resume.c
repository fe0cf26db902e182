/* SPDX-License-Identifier: GPL-2.0-or-later
 * A recording that is killed at any moment and started again, over a log that is written to and
 * rotated meanwhile: nothing is lost, and nothing counts twice. */
#include "learn/session.h"
#include "learn/state.h"
#include "lib/error.h"
#include "lib/fs.h"
#include "tests/unit/log-fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATHS 150 /* distinct accesses a label */

static gboolean only_a; /* the next recording is asked for one label */
static char *mirror;    /* another log of the same records, or NULL */

static void
setup (void)
{
  log_fixture_init ("");
}

TestSuite (resume, .init = setup, .fini = log_fixture_clear, .timeout = 300);

/* --- what is recorded ------------------------------------------------------------------------ */

static void
write_event (int fd, guint number)
{
  dprintf (fd,
           "type=AVC msg=audit(%u.%03u:%u): apparmor=\"ALLOWED\" operation=\"open\" "
           "profile=\"k8s-%c\" name=\"/f%u\" pid=7 comm=\"c\" requested_mask=\"r\" "
           "denied_mask=\"r\" fsuid=0 ouid=0\n",
           1795000000 + number / 1000, number % 1000, number + 1, number % 2 == 0 ? 'a' : 'b',
           number / 2 % PATHS);
}

static void
append_events (guint first, guint count)
{
  int fd = open (logfile, O_WRONLY | O_APPEND | O_CREAT, 0600);
  for (guint i = first; i < first + count; i++)
    write_event (fd, i);
  close (fd);
}

/* auditd: shifts the names, and opens a new log. */
static void
rotate (void)
{
  for (guint k = 60; k > 0; k--)
    {
      g_autofree char *from = g_strdup_printf ("%s.%u", logfile, k);
      g_autofree char *to = g_strdup_printf ("%s.%u", logfile, k + 1);
      g_rename (from, to);
    }
  g_autofree char *first = g_strdup_printf ("%s.1", logfile);
  g_rename (logfile, first);
}

static void
copytruncate (void)
{
  g_autofree char *command = g_strdup_printf ("cp '%s' '%s.1'", logfile, logfile);
  cr_assert_eq (system (command), 0);
  cr_assert_eq (truncate (logfile, 0), 0);
}

/* --- recording ------------------------------------------------------------------------------- */

static gboolean
follow_labels (AakAttribution *attribution, GPtrArray *labels, GError **error)
{
  for (guint i = 0; i < labels->len; i++)
    if (!aak_attribution_follow (attribution, labels->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* What the verb does, without pods and learning profiles. */
static int
record (AakCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *source_name = g_strdup_printf ("audit-log=%s", logfile);
  AakResultOptions where = { out, FALSE, TRUE };
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  g_ptr_array_add (labels, (char *) "k8s-a");
  if (!only_a)
    g_ptr_array_add (labels, (char *) "k8s-b");
  if (!aak_cli_parse (cli, (GOptionEntry[]){ { NULL } }, "", "", &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakResult) result = aak_result_new (cli, &where, labels, error);
  if (result == NULL || !follow_labels (attribution, labels, error))
    return AAK_EXIT_FAILED;
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_auto (AakRunStamp) stamp = { 0 };
  aak_run_stamp_init (&stamp, "/", (guint64) g_get_real_time () / 1000);
  AakSession session = { .cli = cli,
                         .recorder = recorder,
                         .result = result,
                         .stamp = &stamp,
                         .checkpoint_ms = 20 };
  g_autofree char *mirror_name = g_strdup_printf ("audit-log=%s", mirror);
  const char *const sources[] = { source_name, mirror != NULL ? mirror_name : NULL, NULL };
  AakSourceChoice choice = { .sources = sources, .keep_limits = TRUE };
  g_autoptr (AakSource) source = aak_session_open_source (&session, &choice, error);
  gboolean finding = FALSE;
  if (source == NULL || !aak_session_run (&session, error))
    return AAK_EXIT_FAILED;
  aak_run_stamp_apply (&stamp, recorder, source, TRUE);
  return aak_result_finish (result, recorder, source, &finding, error) && !finding
             ? AAK_EXIT_OK
             : AAK_EXIT_FINDING;
}

static const AakVerb verbs[] = { { "record", "", record }, { NULL } };
static const AakProgram program = { "test", verbs };

/* Starts a recording, which says what it has to say into the file "said", and cannot write files
 * larger than @limit. A SIGTERM that comes before it listens is not lost: it waits. */
static pid_t
start_with_limit (rlim_t limit)
{
  sigset_t term;
  pid_t child = fork ();
  if (child > 0)
    return child;
  sigemptyset (&term);
  sigaddset (&term, SIGTERM);
  sigprocmask (SIG_BLOCK, &term, NULL);
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &(struct rlimit){ limit, limit });
  g_autofree char *said = g_build_filename (dir, "said", NULL);
  int fd = open (said, O_WRONLY | O_APPEND | O_CREAT, 0600);
  dup2 (fd, STDERR_FILENO);
  dup2 (fd, STDOUT_FILENO);
  char *argv[] = { (char *) "test", (char *) "record", NULL };
  _exit (aak_cli_main (&program, 2, argv));
}

static pid_t
start (void)
{
  return start_with_limit (RLIM_INFINITY);
}

static void
kill_hard (pid_t child)
{
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
}

/* Ends the recording in order. */
static void
end (pid_t child)
{
  int status = 0;
  kill (child, SIGTERM);
  waitpid (child, &status, 0);
  cr_expect (WIFEXITED (status), "%x", (guint) status);
}

static char *
said (void)
{
  g_autofree char *path = g_build_filename (dir, "said", NULL);
  char *text = NULL;
  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

/* --- the outcome ----------------------------------------------------------------------------- */

/* What the last checkpoint of @label says, or NULL with an error. */
static AakObservations *
checkpoint (const char *label, GError **error)
{
  g_autofree char *name = g_strconcat (label, AAK_STATE_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (out, name, NULL);
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  return text != NULL ? aak_state_from_yaml (path, text, error) : NULL;
}

/* The same where there has to be one. */
static AakObservations *
read_state (const char *label)
{
  g_autoptr (GError) error = NULL;
  AakObservations *state = checkpoint (label, &error);
  cr_assert_not_null (state, "%s", error != NULL ? error->message : "");
  return state;
}

/* How many events @label's checkpoint tells of, in the first run. */
static guint64
events_in (const char *label)
{
  g_autoptr (AakObservations) state = checkpoint (label, NULL);
  return state != NULL && aak_observations_n_runs (state) > 0
             ? aak_observations_get_run (state, 0)->events
             : 0;
}

/* Waits until @holds says so of @value, however slow the machine is, but for no more than a minute:
 * then the test fails. */
static void
wait_until (gboolean (*holds) (gconstpointer value), gconstpointer value)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  while (!holds (value))
    {
      cr_assert_lt (g_get_monotonic_time (), deadline);
      g_usleep (20000);
    }
}

static gboolean
has_runs (gconstpointer count)
{
  g_autoptr (AakObservations) state = checkpoint ("k8s-a", NULL);
  return state != NULL && aak_observations_n_runs (state) >= GPOINTER_TO_UINT (count);
}

static gboolean
has_events (gconstpointer count)
{
  return events_in ("k8s-a") + events_in ("k8s-b") >= GPOINTER_TO_UINT (count);
}

static gboolean
has_said (gconstpointer words)
{
  g_autofree char *text = said ();
  return strstr (text, words) != NULL;
}

/* Waits until the checkpoints hold @count events of the first run. */
static void
wait_for (guint count)
{
  wait_until (has_events, GUINT_TO_POINTER (count));
}

/* The first recording, once it reads: its first state is there. */
static pid_t
begin_with_limit (rlim_t limit)
{
  pid_t child = start_with_limit (limit);
  wait_until (has_runs, GUINT_TO_POINTER (1));
  return child;
}

static pid_t
begin (void)
{
  return begin_with_limit (RLIM_INFINITY);
}

/* One run, of @count events in all labels, each access as often as it was written. */
static void
expect_all (guint count, guint64 unsized)
{
  const char *const labels[] = { "k8s-a", "k8s-b" };
  g_autofree char *words = said ();
  for (guint l = 0; l < G_N_ELEMENTS (labels); l++)
    {
      g_autoptr (AakObservations) state = read_state (labels[l]);
      cr_assert_eq (aak_observations_n_runs (state), 1, "%u runs", aak_observations_n_runs (state));
      const AakRun *run = aak_observations_get_run (state, 0);
      cr_expect_null (run->position);
      cr_expect_eq (run->events, (count + 1 - l) / 2, "%s: %lu events, not %u\n%s", labels[l],
                    (unsigned long) run->events, (count + 1 - l) / 2, words);
      cr_expect_eq (run->account.unsized, unsized, "%lu", (unsigned long) run->account.unsized);
      g_autoptr (GPtrArray) sorted = aak_observations_sorted (state);
      cr_expect_eq (sorted->len, PATHS);
      for (guint i = 0; i < sorted->len; i++)
        {
          const AakObservation *access = g_ptr_array_index (sorted, i);
          guint number = (guint) atoi (access->name + 2), wanted = 0;
          for (guint n = l; n < count; n += 2)
            wanted += n / 2 % PATHS == number;
          cr_assert_eq (access->sightings->len, 1);
          guint64 got = g_array_index (access->sightings, AakSighting, 0).count;
          cr_expect_eq (got, wanted, "%s: %lu times, not %u", access->name, (unsigned long) got,
                        wanted);
        }
    }
}

/* --- tests ----------------------------------------------------------------------------------- */

#define TOTAL 24000
#define KILLS 24

/* One byte for each start of the recorder that shall be killed: what is written waits for it, so
 * that no machine is too slow to be killed often enough. */
static int starts[2];

static void
wait_for_start (guint written)
{
  char byte;
  if (written % (TOTAL / KILLS) == 0 && written < TOTAL)
    cr_assert_eq (read (starts[0], &byte, 1), 1);
}

/* Waits, however slow the machine is, until the checkpoints are within 1500 events of the @written
 * ones: a position holds only so much of what one source is ahead of another. */
static void
keep_within (guint written)
{
  if (written % 100 == 0 && written > 1500)
    wait_for (written - 1500);
}

static void
write_and_rotate (void)
{
  int fd = open (logfile, O_WRONLY | O_APPEND | O_CREAT, 0600);
  for (guint i = 0; i < TOTAL; i++)
    {
      wait_for_start (i);
      write_event (fd, i);
      if (i % 1000 == 999)
        {
          close (fd);
          rotate ();
          fd = open (logfile, O_WRONLY | O_APPEND | O_CREAT, 0600);
        }
      if (i % 20 == 0)
        g_usleep (5000);
    }
  _exit (0);
}

/* The same into two logs, of which the second one lags behind, and lacks a part. */
static void
write_two (void)
{
  const guint lag = 700;
  for (guint i = 0; i < TOTAL + lag; i++)
    {
      wait_for_start (i);
      int fd = open (logfile, O_WRONLY | O_APPEND | O_CREAT, 0600);
      int second = open (mirror, O_WRONLY | O_APPEND | O_CREAT, 0600);
      if (i < TOTAL)
        write_event (fd, i);
      if (i >= lag && i % 1000 > 30)
        write_event (second, i - lag);
      close (fd);
      close (second);
      if (i % 3000 == 2999)
        rotate ();
      keep_within (i);
      if (i % 8 == 0)
        g_usleep (5000);
    }
  _exit (0);
}

static void
kill_again_and_again (void (*write_all) (void))
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  gint64 before = g_get_monotonic_time ();
  pid_t recorder = begin ();
  gint64 to_start = g_get_monotonic_time () - before;
  cr_assert_eq (pipe (starts), 0);
  pid_t writer = fork ();
  if (writer == 0)
    write_all ();
  for (guint kill = 0; kill < KILLS; kill++)
    {
      cr_assert_eq (write (starts[1], "", 1), 1);
      g_usleep (
          (gulong) g_rand_int_range (rand, 1000, 250000 + (gint32) MIN (2 * to_start, 2000000)));
      kill_hard (recorder);
      g_usleep ((gulong) g_rand_int_range (rand, 0, 50000));
      recorder = start ();
    }
  int status;
  cr_assert_eq (waitpid (writer, &status, 0), writer);
  cr_assert_eq (status, 0);
  wait_for (TOTAL);
  end (recorder);
  expect_all (TOTAL, 0);
}

Test (resume, killed_again_and_again)
{
  kill_again_and_again (write_and_rotate);
}

Test (resume, killed_with_two_sources)
{
  mirror = g_build_filename (dir, "mirror.log", NULL);
  cr_assert (g_file_set_contents (mirror, "", -1, NULL));
  kill_again_and_again (write_two);
  g_autofree char *words = said ();
  cr_expect_null (strstr (words, "what came between"), "%s", words);
  g_free (mirror);
}

/* What happens between a kill and the next start. */
static void
between (void (*happen) (void), guint rotations, guint64 unsized)
{
  guint next = 0;
  pid_t recorder = begin ();
  append_events (next, 500);
  next += 500;
  wait_for (next);
  kill_hard (recorder);
  append_events (next, 100);
  next += 100;
  for (guint i = 0; i < rotations; i++)
    {
      happen ();
      append_events (next, 100);
      next += 100;
    }
  recorder = start ();
  wait_for (unsized == 0 ? next : next - 100);
  append_events (next, 100);
  next += 100;
  wait_for (unsized == 0 ? next : next - 100);
  end (recorder);
  if (unsized == 0)
    expect_all (next, 0);
}

static void
nothing (void)
{
}

Test (resume, only_written_to)
{
  between (nothing, 1, 0);
}

Test (resume, rotated_several_times)
{
  between (rotate, 5, 0);
}

Test (resume, cut_back_after_a_copy)
{
  between (copytruncate, 1, 0);
}

static void
cut_back (void)
{
  cr_assert_eq (truncate (logfile, 0), 0);
}

/* What was cut away is gone; that it is, is counted and said. */
Test (resume, cut_back_without_a_copy)
{
  between (cut_back, 1, 1);
  g_autoptr (AakObservations) state = read_state ("k8s-a");
  const AakRun *run = aak_observations_get_run (state, 0);
  g_autofree char *words = said ();
  cr_expect_eq (run->events, 350, "%lu", (unsigned long) run->events);
  cr_expect_eq (run->account.unsized, 1);
  cr_expect_not_null (strstr (words, "cut back since"), "%s", words);
}

static void
delete_log (void)
{
  g_unlink (logfile);
}

Test (resume, deleted)
{
  between (delete_log, 1, 1);
  g_autoptr (AakObservations) state = read_state ("k8s-b");
  cr_expect_eq (aak_observations_get_run (state, 0)->events, 350);
  cr_expect_eq (aak_observations_get_run (state, 0)->account.unsized, 1);
}

/* Ends a recording of 300 events, and writes 300 more a little later: how many microseconds. */
static gint64
write_behind_the_end (void)
{
  int status = 0;
  pid_t recorder = begin ();
  append_events (0, 300);
  wait_for (300);
  gint64 before = g_get_monotonic_time ();
  kill (recorder, SIGTERM);
  g_usleep (50000);
  append_events (300, 300);
  gint64 late = g_get_monotonic_time () - before;
  waitpid (recorder, &status, 0);
  cr_expect (WIFEXITED (status), "%x", (guint) status);
  return late;
}

/* A daemon that lags writes what happened before the end a little after it. How long that may be is
 * bounded: where this machine took longer, once more. */
Test (resume, what_was_on_its_way_at_the_end)
{
  gint64 late = write_behind_the_end ();
  for (guint i = 0; late > 150000 && i < 20; i++)
    {
      log_fixture_clear ();
      setup ();
      late = write_behind_the_end ();
    }
  cr_assert_leq (late, 150000);
  expect_all (600, 0);
}

/* Killed before the first event: its state says where it began, and is gone after an end without
 * any. */
Test (resume, killed_before_the_first_event)
{
  pid_t recorder = begin ();
  kill_hard (recorder);
  append_events (0, 300);
  recorder = start ();
  wait_for (300);
  end (recorder);
  expect_all (300, 0);
}

Test (resume, ended_without_an_event)
{
  pid_t recorder = begin ();
  g_autofree char *state = g_build_filename (out, "k8s-a" AAK_STATE_SUFFIX, NULL);
  cr_expect (g_file_test (state, G_FILE_TEST_EXISTS));
  end (recorder);
  cr_expect_not (g_file_test (out, G_FILE_TEST_EXISTS));
}

/* All labels of the recording are followed again, whatever the next one is asked for: of a pod that
 * is gone nobody knows the label but the states. */
Test (resume, labels_of_the_recording)
{
  pid_t recorder = begin ();
  append_events (0, 300);
  wait_for (300);
  kill_hard (recorder);
  append_events (300, 300);
  only_a = TRUE;
  recorder = start ();
  wait_for (600);
  end (recorder);
  expect_all (600, 0);
}

/* Checkpoints fail for want of room: the recording goes on, and the last that could be written is
 * where the next one begins. */
Test (resume, no_room_for_checkpoints)
{
  pid_t recorder = begin_with_limit (4096);
  append_events (0, 600);
  wait_until (has_said, "no checkpoint: ");
  kill_hard (recorder);
  cr_expect_lt (events_in ("k8s-a"), 300);
  recorder = start ();
  append_events (600, 400);
  wait_for (1000);
  end (recorder);
  expect_all (1000, 0);
}

/* A recording that ended is none to go on with. */
Test (resume, ended_in_order)
{
  pid_t recorder = begin ();
  append_events (0, 100);
  wait_for (100);
  end (recorder);
  append_events (100, 100);
  recorder = start ();
  wait_until (has_runs, GUINT_TO_POINTER (2));
  append_events (200, 100);
  end (recorder);
  g_autoptr (AakObservations) state = read_state ("k8s-a");
  cr_assert_eq (aak_observations_n_runs (state), 2);
  cr_expect_eq (aak_observations_get_run (state, 0)->events, 50);
  cr_expect_eq (aak_observations_get_run (state, 1)->events, 50);
}
