/* SPDX-License-Identifier: GPL-2.0-or-later
 * A log that is followed: a writer process that knows what it wrote rotates it under load. */
#include "learn/source.h"
#include "lib/error.h"
#include "tests/unit/log-fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROTATIONS 220
#define LINES     300 /* between two rotations */
#define PATIENCE  (60 * G_USEC_PER_SEC)

static void
setup (void)
{
  log_fixture_init ("old 1\nold 2\nhalf");
}

TestSuite (follow, .init = setup, .fini = log_fixture_clear, .timeout = 180);

static void
append (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  cr_assert_eq (write (fd, text, strlen (text)), (ssize_t) strlen (text));
  close (fd);
}

static AakSource *
follow (void)
{
  g_autoptr (GError) error = NULL;
  AakSource *source = aak_source_follow_open (logfile, NULL, &error);
  cr_assert_not_null (source, "%s", error != NULL ? error->message : "");
  return source;
}

/* What comes until @wanted lines are there, or nothing comes for @wait_ms. */
static GPtrArray *
collect (AakSource *source, guint wanted, int wait_ms)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  AakSourceRecord raw;
  while (lines->len < wanted)
    {
      AakSourceStatus status = aak_source_next (source, &raw, NULL);
      if (status == AAK_SOURCE_RECORD)
        {
          g_ptr_array_add (lines, g_strndup (raw.data, raw.len));
          continue;
        }
      cr_assert_eq (status, AAK_SOURCE_AGAIN);
      struct pollfd fd = { .fd = aak_source_fd (source), .events = POLLIN };
      if (poll (&fd, 1, wait_ms) == 0)
        break;
    }
  return lines;
}

static void
expect (AakSource *source, const char *wanted)
{
  g_auto (GStrv) lines = g_strsplit (wanted, "|", -1);
  guint count = *wanted != '\0' ? g_strv_length (lines) : 0;
  g_autoptr (GPtrArray) got = collect (source, MAX (count, 1), count > 0 ? 5000 : 300);
  cr_expect_eq (got->len, count, "%u lines for \"%s\"", got->len, wanted);
  for (guint i = 0; i < MIN (count, got->len); i++)
    cr_expect_str_eq ((char *) got->pdata[i], lines[i]);
}

static guint64
unsized (AakSource *source)
{
  return aak_source_account (source)->unsized;
}

static void
move (const char *from, const char *to)
{
  g_autofree char *a = g_build_filename (dir, from, NULL);
  g_autofree char *b = g_build_filename (dir, to, NULL);
  cr_assert_eq (g_rename (a, b), 0);
}

/* --- one thing at a time --------------------------------------------------------------------- */

Test (follow, from_now_on_whole_lines_only)
{
  g_autoptr (AakSource) source = follow ();
  expect (source, "");
  append (logfile, " of a line\n");
  expect (source, "half of a line");
  g_autofree char *position = aak_source_position (source);
  cr_expect (g_str_has_suffix (position, "/audit.log:3"), "%s", position);
  append (logfile, "four\nfi");
  expect (source, "four");
  append (logfile, "ve\n");
  expect (source, "five");
  cr_expect_eq (unsized (source), 0);
}

Test (follow, a_writer_that_stays_with_the_old_file)
{
  g_autoptr (AakSource) source = follow ();
  g_autofree char *old = g_build_filename (dir, "audit.log.1", NULL);
  append (logfile, "\n1\n");
  move ("audit.log", "audit.log.1");
  append (old, "2\n");
  append (logfile, "3\n");
  expect (source, "half|1|2|3");
  append (old, "4\n");
  expect (source, "4");
  append (logfile, "5\n");
  expect (source, "5");
  cr_expect_eq (unsized (source), 0);
}

Test (follow, rotated_several_times_while_nobody_looked)
{
  g_autoptr (AakSource) source = follow ();
  append (logfile, "\n");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u\n", i);
      for (guint k = i; k > 0; k--)
        {
          g_autofree char *from = g_strdup_printf ("audit.log.%u", k);
          g_autofree char *to = g_strdup_printf ("audit.log.%u", k + 1);
          move (from, to);
        }
      move ("audit.log", "audit.log.1");
      append (logfile, text);
    }
  expect (source, "half|0|1|2|3|4");
  cr_expect_eq (unsized (source), 0);
}

/* The copy that copytruncate makes is not read again. */
Test (follow, cut_back)
{
  g_autoptr (AakSource) source = follow ();
  g_autofree char *copy = g_build_filename (dir, "audit.log.1", NULL);
  append (logfile, "\none\npart");
  expect (source, "half|one");
  append (copy, "old 1\nold 2\nhalf\none\npart");
  cr_assert_eq (truncate (logfile, 0), 0);
  append (logfile, "new\n");
  expect (source, "new");
  g_autofree char *position = aak_source_position (source);
  cr_expect (g_str_has_suffix (position, "/audit.log:1"), "%s", position);
  expect (source, "");
  cr_expect_eq (unsized (source), 1);
}

/* Cut back and grown beyond the old end again before anybody looked; and a hole before the
 * new line. */
Test (follow, cut_back_and_grown_again)
{
  g_autoptr (AakSource) source = follow ();
  append (logfile, "\n");
  expect (source, "half");
  cr_assert_eq (truncate (logfile, 0), 0);
  append (logfile, "a line that is longer than all that was there\nsecond\n");
  expect (source, "a line that is longer than all that was there|second");
  cr_expect_eq (unsized (source), 1);
  cr_assert_eq (truncate (logfile, 0), 0);
  cr_assert_eq (truncate (logfile, 300000), 0);
  append (logfile, "after a hole\n");
  expect (source, "after a hole");
  cr_expect_eq (unsized (source), 2);
}

Test (follow, deleted_and_made_again)
{
  g_autoptr (AakSource) source = follow ();
  append (logfile, "\n1\n");
  cr_assert_eq (g_unlink (logfile), 0);
  expect (source, "half|1");
  append (logfile, "2\n");
  expect (source, "2");
  cr_assert_eq (g_unlink (logfile), 0);
  append (logfile, "3\n");
  expect (source, "3");
  cr_expect_eq (unsized (source), 0);
}

/* A log that came and went before anybody looked is a loss of unknown size. */
Test (follow, came_and_went)
{
  g_autoptr (AakSource) source = follow ();
  move ("audit.log", "x");
  append (logfile, "never seen\n");
  cr_assert_eq (g_unlink (logfile), 0);
  append (logfile, "seen\n");
  expect (source, "seen");
  cr_expect_eq (unsized (source), 1);
}

Test (follow, replaced_by_a_rename_and_moved_back)
{
  g_autoptr (AakSource) source = follow ();
  g_autofree char *other = g_build_filename (dir, "other", NULL);
  append (logfile, "\n");
  append (other, "1\n");
  move ("other", "audit.log");
  expect (source, "half|1");
  move ("audit.log", "away");
  append (logfile, "2\n");
  expect (source, "2");
  move ("away", "audit.log");
  append (logfile, "3\n");
  expect (source, "3");
  expect (source, "");
  cr_expect_eq (unsized (source), 0);
}

Test (follow, the_directory_is_replaced)
{
  g_autofree char *sub = g_build_filename (dir, "sub", NULL);
  g_autofree char *moved = g_build_filename (dir, "moved", NULL);
  g_free (logfile);
  logfile = g_build_filename (sub, "audit.log", NULL);
  g_mkdir (sub, 0700);
  append (logfile, "");
  g_autoptr (AakSource) source = follow ();
  append (logfile, "1\n");
  expect (source, "1");
  cr_assert_eq (g_rename (sub, moved), 0);
  g_mkdir (sub, 0700);
  append (logfile, "2\n");
  expect (source, "2");
  cr_expect_geq (unsized (source), 1);
}

Test (follow, a_link_to_a_log)
{
  g_autofree char *link_path = g_build_filename (dir, "link", NULL);
  cr_assert_eq (symlink ("audit.log", link_path), 0);
  g_autofree char *target = g_steal_pointer (&logfile);
  logfile = g_strdup (link_path);
  g_autoptr (AakSource) source = follow ();
  append (target, "\n1\n");
  expect (source, "half|1");
  move ("audit.log", "audit.log.1");
  append (target, "2\n");
  expect (source, "2");
  cr_expect_geq (unsized (source), 1);
}

Test (follow, what_cannot_be_followed)
{
  g_autoptr (GError) error = NULL;
  cr_assert_eq (g_unlink (logfile), 0);
  cr_expect_null (aak_source_follow_open (logfile, NULL, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  cr_expect_null (aak_source_follow_open ("/nonexistent/audit.log", NULL, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  cr_expect_null (aak_source_follow_open ("/dev/null", NULL, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}

/* --- under load ------------------------------------------------------------------------------ */

typedef struct
{
  const char *name;
  void (*rotate) (int *fd, guint number);
  /* Nobody can know what stood in the log when it was cut back, or deleted before it was seen. */
  gboolean may_lose;
  guint late; /* lines that are written to a log after it was rotated away */
} Kind;

static int
open_log (void)
{
  return open (logfile, O_WRONLY | O_APPEND | O_CREAT, 0600);
}

/* auditd: closes, shifts the names, opens a new one. */
static void
rotate_rename (int *fd, guint number)
{
  close (*fd);
  for (guint k = MIN (number, 50); k > 0; k--)
    {
      g_autofree char *from = g_strdup_printf ("%s.%u", logfile, k);
      g_autofree char *to = g_strdup_printf ("%s.%u", logfile, k + 1);
      g_rename (from, to);
    }
  g_autofree char *first = g_strdup_printf ("%s.1", logfile);
  g_rename (logfile, first);
  *fd = open_log ();
}

/* logrotate: a name with a number of its own, a new file, and only then is the writer told. */
static void
rotate_late (int *fd, guint number)
{
  g_autofree char *to = g_strdup_printf ("%s-%u", logfile, number);
  g_rename (logfile, to);
  int next = open_log ();
  for (guint i = 0; i < 20; i++)
    dprintf (*fd, "late %u.%u\n", number, i);
  close (*fd);
  *fd = next;
}

static void
rotate_copytruncate (int *fd, guint number)
{
  g_autofree char *command = g_strdup_printf ("cp '%s' '%s.%u'", logfile, logfile, number % 5 + 1);
  cr_assert_eq (system (command), 0);
  cr_assert_eq (ftruncate (*fd, 0), 0);
}

static void
rotate_delete (int *fd, guint number)
{
  (void) number;
  /* Deleted while it is written to, and by a writer that stays in the file for a while. */
  g_unlink (logfile);
  dprintf (*fd, "late %u.0\n", number);
  close (*fd);
  *fd = open_log ();
}

/* One byte for each log of which the reader has seen a line. Where a log may lose what nobody
 * has read, it is rotated only then: so that each loss is one that the reader can count, however
 * seldom it gets a processor. */
static int seen_of[2];

static void
tell_seen (const char *line, guint *told)
{
  guint rotation;
  if (sscanf (line, "type=AVC msg=audit(%u.", &rotation) != 1 || rotation < *told)
    return;
  *told = rotation + 1;
  cr_assert_eq (write (seen_of[1], "", 1), 1);
}

static void
rotate (const Kind *kind, int *fd, guint rotation)
{
  char byte;
  if (kind->may_lose && read (seen_of[0], &byte, 1) != 1)
    _exit (1);
  kind->rotate (fd, rotation);
}

/* Every line is written in two pieces. */
static void
write_log (const Kind *kind)
{
  close (seen_of[1]);
  int fd = open_log ();
  dprintf (fd, "\n");
  for (guint rotation = 0; rotation <= ROTATIONS; rotation++)
    {
      for (guint i = 0; i < LINES; i++)
        {
          dprintf (fd, "type=AVC msg=audit(%u", rotation);
          dprintf (fd, ".%u): padding padding padding padding padding padding\n", i);
        }
      if (rotation < ROTATIONS)
        rotate (kind, &fd, rotation);
    }
  dprintf (fd, "the end\n");
  _exit (0);
}

static void
under_load (const Kind *kind)
{
  g_autoptr (AakSource) source = follow ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  cr_assert_eq (pipe (seen_of), 0);
  pid_t writer = fork ();
  if (writer == 0)
    write_log (kind);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint late = 0, whole = 0, twice = 0, odd = 0, ended = 0, told = 0;
  while (g_get_monotonic_time () < deadline)
    {
      g_autoptr (GPtrArray) lines = collect (source, 1, ended ? 300 : 1000);
      if (lines->len == 0 && ended)
        break;
      if (lines->len == 0)
        continue;
      const char *line = lines->pdata[0];
      tell_seen (line, &told);
      ended |= strcmp (line, "the end") == 0;
      late += g_str_has_prefix (line, "late ");
      whole += g_str_has_prefix (line, "type=AVC ") && g_str_has_suffix (line, " padding");
      odd += !g_str_has_prefix (line, "late ") && !g_str_has_prefix (line, "type=AVC ");
      twice += !g_hash_table_add (seen, g_strdup (line));
    }
  close (seen_of[0]);
  close (seen_of[1]);
  waitpid (writer, NULL, 0);
  guint wanted = (ROTATIONS + 1) * LINES;
  cr_log_info ("%s: %u of %u lines, %u late, unsized %lu", kind->name, whole, wanted, late,
               (unsigned long) unsized (source));
  cr_expect (ended, "%s: the end was not seen", kind->name);
  cr_expect_eq (twice, 0, "%s: %u lines twice", kind->name, twice);
  if (kind->may_lose)
    {
      cr_expect_leq (whole, wanted);
      cr_expect_leq (wanted - whole, unsized (source) * LINES, "%s: a silent loss", kind->name);
      return;
    }
  cr_expect_eq (whole, wanted, "%s: %u of %u lines", kind->name, whole, wanted);
  cr_expect_eq (odd, 2, "%s: %u lines that nobody wrote", kind->name, odd); /* half, the end */
  cr_expect_eq (late, kind->late, "%s: %u late lines", kind->name, late);
  cr_expect_eq (unsized (source), 0);
}

Test (follow_load, rename)
{
  under_load (&(Kind){ "rename", rotate_rename, FALSE });
}

Test (follow_load, rename_and_a_late_writer)
{
  under_load (&(Kind){ "late", rotate_late, FALSE, ROTATIONS * 20 });
}

Test (follow_load, deletion)
{
  under_load (&(Kind){ "delete", rotate_delete, TRUE });
}

Test (follow_load, copytruncate)
{
  under_load (&(Kind){ "copytruncate", rotate_copytruncate, TRUE });
}

TestSuite (follow_load, .init = setup, .fini = log_fixture_clear, .timeout = 180);
