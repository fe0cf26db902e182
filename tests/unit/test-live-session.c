/* SPDX-License-Identifier: GPL-2.0-or-later
 * A recording on a terminal: what it draws there, while the terminal changes its size, and how it
 * ends. */
#include "learn/live-block.h"
#include "learn/session.h"
#include "lib/error.h"
#include "tests/unit/log-fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static guint number;

static void
setup (void)
{
  log_fixture_init ("");
}

TestSuite (live, .init = setup, .fini = log_fixture_clear, .timeout = 120);

/* --- the recording --------------------------------------------------------------------------- */

static guint64 stable, seconds;

/* What the verb does, without pods and learning profiles. */
static int
record (AakCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *name = g_strdup_printf ("audit-log=%s", logfile);
  const char *const sources[] = { name, NULL };
  AakSourceChoice choice = { .sources = sources, .keep_limits = TRUE };
  AakResultOptions where = { out, FALSE, TRUE };
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  g_auto (AakRunStamp) stamp = { 0 };
  gboolean finding = FALSE;
  g_ptr_array_add (labels, (char *) "k8s-web");
  if (!aak_cli_parse (cli, (GOptionEntry[]){ { NULL } }, "", "", &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_autoptr (AakResult) result = aak_result_new (cli, &where, labels, error);
  if (result == NULL || !aak_attribution_follow (attribution, "k8s-web", error))
    return AAK_EXIT_FAILED;
  aak_run_stamp_init (&stamp, "/", (guint64) g_get_real_time () / 1000);
  AakSession session = { .cli = cli,
                         .recorder = recorder,
                         .result = result,
                         .stamp = &stamp,
                         .seconds = seconds,
                         .stable = stable };
  g_autoptr (AakSource) source = aak_session_open_source (&session, &choice, error);
  if (source == NULL || !aak_session_run (&session, error))
    return AAK_EXIT_FAILED;
  aak_run_stamp_apply (&stamp, recorder, source, TRUE);
  if (!aak_result_finish (result, recorder, source, &finding, error))
    return AAK_EXIT_FAILED;
  aak_cli_out (cli, "ended by %s\n", recorder->ended);
  return AAK_EXIT_OK;
}

/* Ten seconds of a clock of its own, in which an event comes each millisecond, and something new
 * each time. */
static int
count_draws (AakCli *cli, int argc, char **argv, GError **error)
{
  const gint64 begun = 1000 * (gint64) G_USEC_PER_SEC;
  guint draws = 0;
  if (!aak_cli_parse (cli, (GOptionEntry[]){ { NULL } }, "", "", &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakLiveBlock) block = aak_live_block_new (begun);
  g_autoptr (AakObservation) access = aak_observation_new (AAK_CLASS_FILE, "/a", "");
  for (guint ms = 1; ms <= 10000; ms++)
    {
      gint64 now = begun + ms * 1000;
      AakLiveFigures figures = { .events = ms, .chance = -1 };
      aak_live_block_add (block, access, now);
      if (!aak_live_block_is_due (block, cli, ms, now))
        continue;
      aak_live_block_draw (block, cli, &figures, now);
      draws++;
    }
  aak_cli_out (cli, "%u draws\n", draws);
  return AAK_EXIT_OK;
}

static const AakVerb verbs[] = { { "record", "", record }, { "draw", "", count_draws }, { NULL } };
static const AakProgram program = { "test", verbs };

/* Starts @verb on a terminal of @columns and 24 lines, of the kind @term; gives the other end. */
static int
start_verb (const char *verb, guint columns, const char *term, pid_t *out_child)
{
  int terminal = -1;
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };
  *out_child = forkpty (&terminal, NULL, NULL, &size);
  cr_assert_geq (*out_child, 0);
  if (*out_child > 0)
    return terminal;
  char *argv[] = { (char *) "test", (char *) verb, NULL };
  g_setenv ("TERM", term, TRUE);
  g_setenv ("NO_COLOR", "1", TRUE);
  _exit (aak_cli_main (&program, 2, argv));
}

static int
start (guint columns, const char *term, pid_t *out_child)
{
  return start_verb ("record", columns, term, out_child);
}

static void
write_events (const char *path, guint count)
{
  int fd = open (logfile, O_WRONLY | O_APPEND);
  for (guint i = 0; i < count; i++, number++)
    dprintf (fd,
             "type=AVC msg=audit(%u.%03u:%u): apparmor=\"ALLOWED\" operation=\"open\" "
             "profile=\"k8s-web\" name=%s pid=7 comm=\"c\" requested_mask=\"r\" "
             "denied_mask=\"r\" fsuid=0 ouid=0\n",
             1795000000 + number / 1000, number % 1000, number + 1, path);
  close (fd);
}

/* --- the terminal ---------------------------------------------------------------------------- */

/* A terminal as simple as can be: it knows the three sequences that may come, and how wide it is.
 */
typedef struct
{
  int fd;
  const char *feed; /* a name that is written to the log again and again meanwhile, or NULL */
  GString *all;     /* every byte that came */
  gsize obeyed;     /* how many of them are on the screen */
  GPtrArray *lines; /* GString*: what it shows, and showed */
  guint row;
  guint column;
  guint columns;
} Terminal;

static void
terminal_init (Terminal *terminal, int fd, guint columns)
{
  *terminal = (Terminal){ .fd = fd, .columns = columns };
  terminal->all = g_string_new (NULL);
  terminal->lines = g_ptr_array_new ();
  g_ptr_array_add (terminal->lines, g_string_new (NULL));
}

static GString *
line_at (Terminal *terminal)
{
  return terminal->lines->pdata[terminal->row];
}

/* One of the sequences at @at; returns its length, or 0 where the rest of it is still to come. */
static gsize
obey_sequence (Terminal *terminal, const char *at)
{
  guint number_of_lines = 0;
  int len = 0;
  if (sscanf (at, "\033[%uA%n", &number_of_lines, &len) == 1 && len > 0)
    {
      cr_assert_leq (number_of_lines, terminal->row, "it goes beyond where it began");
      terminal->row -= number_of_lines;
      return (gsize) len;
    }
  if (strspn (at, "\033[0123456789") == strlen (at))
    return 0;
  cr_assert (g_str_has_prefix (at, "\033[J"), "an unknown sequence: %s", at + 1);
  g_string_truncate (line_at (terminal), terminal->column);
  while (terminal->lines->len > terminal->row + 1)
    g_string_free (g_ptr_array_remove_index (terminal->lines, terminal->row + 1), TRUE);
  return strlen ("\033[J");
}

static void
put_byte (Terminal *terminal, char byte)
{
  if (byte == '\r')
    terminal->column = 0;
  else if (byte == '\n')
    {
      if (++terminal->row == terminal->lines->len)
        g_ptr_array_add (terminal->lines, g_string_new (NULL));
    }
  else
    {
      cr_assert (g_ascii_isprint (byte), "byte %02x", (guchar) byte);
      g_string_truncate (line_at (terminal), terminal->column);
      g_string_append_c (line_at (terminal), byte);
      terminal->column++;
    }
}

/* Obeys what came, but for the beginning of a sequence at its end. */
static void
obey (Terminal *terminal)
{
  while (terminal->obeyed < terminal->all->len)
    {
      const char *at = terminal->all->str + terminal->obeyed;
      gsize len = *at == '\033' ? obey_sequence (terminal, at) : 1;
      if (len == 0)
        return;
      if (*at != '\033')
        put_byte (terminal, *at);
      terminal->obeyed += len;
    }
}

/* A line that has @text in it, or, behind "=", that is @text. */
static gboolean
shows (const Terminal *terminal, const char *text)
{
  for (guint i = 0; i < terminal->lines->len; i++)
    {
      const char *line = ((const GString *) terminal->lines->pdata[i])->str;
      if (*text == '=' ? strcmp (line, text + 1) == 0 : strstr (line, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Takes what is drawn until @text stands there (NULL: until the recording is gone). */
static void
watch_until (Terminal *terminal, const char *text)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  while (text == NULL || !shows (terminal, text))
    {
      char bytes[4096];
      struct pollfd ready = { .fd = terminal->fd, .events = POLLIN };
      cr_assert_lt (g_get_monotonic_time (), deadline, "%s did not come; %s",
                    text != NULL ? text : "the end", terminal->all->str);
      if (terminal->feed != NULL)
        write_events (terminal->feed, 1);
      if (poll (&ready, 1, 100) <= 0)
        continue;
      ssize_t len = read (terminal->fd, bytes, sizeof bytes);
      if (len <= 0)
        {
          cr_assert_null (text, "%s did not come; %s", text, terminal->all->str);
          return;
        }
      g_string_append_len (terminal->all, bytes, len);
      obey (terminal);
    }
}

/* No line of the block that stands there is as wide as the terminal. */
static void
expect_narrow (const Terminal *terminal)
{
  for (guint i = 0; i < terminal->lines->len; i++)
    {
      const GString *line = terminal->lines->pdata[i];
      gboolean drawn = *line->str == '+' || g_ascii_isdigit (*line->str);
      cr_expect (!drawn || line->len < terminal->columns, "%u: %s", terminal->columns, line->str);
    }
}

static void
resize (Terminal *terminal, guint columns)
{
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };
  cr_assert_eq (ioctl (terminal->fd, TIOCSWINSZ, &size), 0);
  terminal->columns = columns;
}

static void
expect_exit (pid_t child)
{
  int status = 0;
  cr_assert_eq (waitpid (child, &status, 0), child);
  cr_expect (WIFEXITED (status) && WEXITSTATUS (status) == 0, "%x", (guint) status);
}

/* --- tests ----------------------------------------------------------------------------------- */

Test (live, a_block_that_is_drawn_over_and_goes_away)
{
  pid_t child;
  Terminal terminal;
  terminal_init (&terminal, start (80, "xterm", &child), 80);
  watch_until (&terminal, "(Ctrl-C finishes)");
  write_events ("\"/etc/hosts\"", 3);
  watch_until (&terminal, "+ /etc/hosts r");
  watch_until (&terminal, "3 events  1 access  1 rule  1 new in the last minute");
  /* ESC [ 2 J, as hex, which is how the kernel writes it. */
  write_events ("2F746D702F1B5B324A", 1);
  watch_until (&terminal, "+ /tmp/\\x1b[2J r");
  expect_narrow (&terminal);
  cr_expect_eq (write (terminal.fd, "\003", 1), 1); /* Ctrl-C */
  watch_until (&terminal, NULL);
  expect_exit (child);
  cr_expect (shows (&terminal, "ended by signal"), "%s", terminal.all->str);
  cr_expect (shows (&terminal, "k8s-web: 4 events"), "%s", terminal.all->str);
  cr_expect_not (shows (&terminal, "Ctrl-C finishes"), "the block stays");
}

Test (live, the_terminal_gets_narrower_and_wider)
{
  pid_t child;
  Terminal terminal;
  terminal_init (&terminal, start (80, "xterm", &child), 80);
  watch_until (&terminal, "(Ctrl-C finishes)");
  write_events ("\"/a/path/that/is/so/long/that/it/does/not/fit/any/narrow/terminal\"", 2);
  watch_until (&terminal, "+ /a/path/that/is/so/long/that/it/does/not/fit/any/narrow/terminal r");
  resize (&terminal, 30);
  watch_until (&terminal, "+ /a/path/tha...ow/terminal r");
  expect_narrow (&terminal);
  resize (&terminal, 8);
  watch_until (&terminal, "=+ /a/pa");
  expect_narrow (&terminal);
  resize (&terminal, 120);
  watch_until (&terminal, "2 events  1 access");
  kill (child, SIGTERM);
  watch_until (&terminal, NULL);
  expect_exit (child);
}

Test (live, ends_when_nothing_new_came)
{
  pid_t child;
  Terminal terminal;
  stable = 2;
  seconds = 100;
  terminal_init (&terminal, start (80, "xterm", &child), 80);
  terminal.feed = "\"/a\"";
  watch_until (&terminal, NULL);
  expect_exit (child);
  cr_expect_not_null (strstr (terminal.all->str, " of 00:00:02"));
  cr_expect (shows (&terminal, "test: ended: nothing new came for "), "%s", terminal.all->str);
  cr_expect_not (shows (&terminal, "idle"));
  cr_expect (shows (&terminal, "ended by stable"));
}

Test (live, ends_by_time_before_that)
{
  pid_t child;
  Terminal terminal;
  stable = 100;
  seconds = 3;
  terminal_init (&terminal, start (80, "xterm", &child), 80);
  terminal.feed = "\"/a\"";
  watch_until (&terminal, NULL);
  expect_exit (child);
  cr_expect (shows (&terminal, "ended before nothing new came for 1 min"), "%s", terminal.all->str);
  cr_expect (shows (&terminal, "ended by time"));
}

Test (live, a_dumb_terminal_gets_no_sequence)
{
  pid_t child;
  Terminal terminal;
  stable = 1;
  terminal_init (&terminal, start (80, "dumb", &child), 80);
  terminal.feed = "\"/a\"";
  watch_until (&terminal, NULL);
  expect_exit (child);
  cr_expect (shows (&terminal, "ended by stable"), "%s", terminal.all->str);
  cr_expect_null (strchr (terminal.all->str, '\033'));
}

static const struct
{
  const char *term;
  const char *draws;
} rates[] = { { "xterm", "=100 draws" }, { "dumb", "=1 draws" } };

Test (live, is_drawn_ten_times_a_second_at_most)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      pid_t child;
      Terminal terminal;
      terminal_init (&terminal, start_verb ("draw", 80, rates[i].term, &child), 80);
      watch_until (&terminal, NULL);
      expect_exit (child);
      cr_expect (shows (&terminal, rates[i].draws), "%s", terminal.all->str);
    }
}
