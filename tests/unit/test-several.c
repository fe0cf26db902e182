/* SPDX-License-Identifier: GPL-2.0-or-later
 * Several sources at once, and several logs with records in common: each record counts once, and
 * what is lost is what all of them lost. */
#include "learn/source.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define RECORD(serial)                                                                       \
  "audit(1795295849.284:" serial "): apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" " \
  "name=\"/a\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"

/* --- sources that do as they are told -------------------------------------------------------- */

/* Gives the lines of a pipe; ends with it, or fails at the line "fail". */
typedef struct
{
  AakSource base;
  int fds[2];
  char line[1024];
  gboolean behind; /* there is more on its way */
} Fake;

static AakSourceStatus
fake_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  Fake *fake = (Fake *) source;
  gsize len = 0;
  ssize_t n = 0;
  while (len < sizeof fake->line && (n = read (fake->fds[0], fake->line + len, 1)) == 1
         && fake->line[len] != '\n')
    len++;
  if (n <= 0)
    return n == 0 ? AAK_SOURCE_END : AAK_SOURCE_AGAIN;
  *out = (AakSourceRecord){ 1400, fake->line, len };
  if (len != 4 || memcmp (fake->line, "fail", 4) != 0)
    return AAK_SOURCE_RECORD;
  g_set_error (error, AAK_ERROR, AAK_ERROR_IO, "it failed");
  return AAK_SOURCE_FAILED;
}

static int
fake_fd (const AakSource *source)
{
  return ((const Fake *) source)->fds[0];
}

static char *
fake_position (const AakSource *source)
{
  return g_strdup_printf ("%s#1", aak_source_name (source));
}

static const char *
fake_unsettled (AakSource *source)
{
  return ((Fake *) source)->behind ? "it is behind" : NULL;
}

static void
fake_close (AakSource *source)
{
  Fake *fake = (Fake *) source;
  close (fake->fds[0]);
  if (fake->fds[1] >= 0)
    close (fake->fds[1]);
  g_free (fake);
}

static const AakSourceClass one_class = { .name = "one",
                                          .next = fake_next,
                                          .fd = fake_fd,
                                          .position = fake_position,
                                          .unsettled = fake_unsettled,
                                          .close = fake_close };
static const AakSourceClass two_class = { .name = "two",
                                          .next = fake_next,
                                          .fd = fake_fd,
                                          .position = fake_position,
                                          .unsettled = fake_unsettled,
                                          .close = fake_close };

static Fake *
fake_new (const AakSourceClass *class)
{
  Fake *fake = g_new0 (Fake, 1);
  fake->base.class = class;
  cr_assert_eq (pipe2 (fake->fds, O_NONBLOCK | O_CLOEXEC), 0);
  return fake;
}

static void
give (Fake *fake, const char *text)
{
  dprintf (fake->fds[1], "%s\n", text);
}

/* Ends it. */
static void
end (Fake *fake)
{
  close (fake->fds[1]);
  fake->fds[1] = -1;
}

static AakSource *
both (Fake *one, Fake *two)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sources = g_ptr_array_new ();
  g_ptr_array_add (sources, one);
  g_ptr_array_add (sources, two);
  AakSource *source = aak_source_several_new (sources, NULL, &error);
  cr_assert_not_null (source);
  return source;
}

/* The number of records that are there now; the status after them. */
static guint
count (AakSource *source, AakSourceStatus wanted)
{
  AakSourceRecord raw;
  AakSourceStatus status;
  guint records = 0;
  while ((status = aak_source_next (source, &raw, NULL)) == AAK_SOURCE_RECORD)
    records++;
  cr_expect_eq (status, wanted, "%d", status);
  return records;
}

Test (several, one_that_has_all_is_enough)
{
  Fake *one = fake_new (&one_class), *two = fake_new (&two_class);
  g_autoptr (AakSource) source = both (one, two);
  cr_expect_null (aak_source_unsettled (source));
  one->behind = TRUE;
  cr_expect_null (aak_source_unsettled (source));
  two->behind = TRUE;
  cr_expect_str_eq (aak_source_unsettled (source), "it is behind");
  two->behind = FALSE;
  end (two);
  cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 0);
  cr_expect_str_eq (aak_source_unsettled (source), "it is behind",
                    "the one that is gone does not count");
}

Test (several, each_record_once)
{
  Fake *one = fake_new (&one_class), *two = fake_new (&two_class);
  g_autoptr (AakSource) source = both (one, two);
  struct pollfd fd = { .fd = aak_source_fd (source), .events = POLLIN };
  cr_expect_str_eq (aak_source_name (source), "one+two");
  cr_expect_eq (poll (&fd, 1, 0), 0);
  give (one, RECORD ("1"));
  give (one, RECORD ("2"));
  give (two, RECORD ("2"));
  give (two, RECORD ("3"));
  cr_expect_eq (poll (&fd, 1, 0), 1);
  cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 3);
  cr_expect_eq (poll (&fd, 1, 0), 0);
  give (two, RECORD ("1"));
  give (one, RECORD ("3"));
  give (two, RECORD ("4"));
  cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 1);
  cr_expect_eq (aak_source_account (source)->records, 4);
}

Test (several, one_vanishes)
{
  for (guint failing = 0; failing < 2; failing++)
    {
      Fake *one = fake_new (&one_class), *two = fake_new (&two_class);
      g_autoptr (AakSource) source = both (one, two);
      give (one, RECORD ("1"));
      if (failing == 1)
        give (one, "fail");
      else
        end (one);
      give (two, RECORD ("1"));
      give (two, RECORD ("2"));
      cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 2);
      cr_expect_not_null (source->notice);
      cr_expect_not_null (strstr (source->notice, failing == 1 ? "it failed" : "it ended"));
      cr_expect_not_null (strstr (source->notice, "one is gone"));
      struct pollfd fd = { .fd = aak_source_fd (source), .events = POLLIN };
      cr_expect_eq (poll (&fd, 1, 0), 0);
      give (two, RECORD ("3"));
      cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 1);
      cr_expect (aak_account_is_complete (aak_source_account (source)));
      give (two, "fail");
      cr_expect_eq (count (source, AAK_SOURCE_FAILED), 0);
    }
}

/* What the sources say of themselves, and what follows for both. */
static const struct
{
  AakAccount one, two, both;
  gboolean one_vanishes;
} accounts[] = {
  { { 0 }, { 0 }, { 0 } },
  { { .overrun = 5 }, { 0 }, { 0 } },
  { { .overrun = 5 }, { .overrun = 3 }, { .overrun = 3 } },
  { { .overrun = 5 }, { .unsized = 1 }, { .overrun = 5 } },
  { { .unsized = 2 }, { .blind = TRUE }, { .unsized = 2 } },
  { { .blind = TRUE }, { .overrun = 1, .backlog = 2 }, { .overrun = 1, .backlog = 2 } },
  { { .blind = TRUE }, { .blind = TRUE }, { .blind = TRUE } },
  { { 0 }, { .overrun = 7 }, { .overrun = 7 }, TRUE },
  { { 0 }, { .blind = TRUE }, { .blind = TRUE }, TRUE },
};

Test (several, lost_is_what_the_best_lost)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      Fake *one = fake_new (&one_class), *two = fake_new (&two_class);
      g_autoptr (AakSource) source = both (one, two);
      one->base.account = accounts[i].one;
      two->base.account = accounts[i].two;
      if (accounts[i].one_vanishes)
        end (one);
      cr_expect_eq (count (source, AAK_SOURCE_AGAIN), 0);
      const AakAccount *account = aak_source_account (source);
      cr_expect_eq (account->overrun, accounts[i].both.overrun, "%zu", i);
      cr_expect_eq (account->unsized, accounts[i].both.unsized, "%zu", i);
      cr_expect_eq (account->backlog, accounts[i].both.backlog, "%zu", i);
      cr_expect_eq (account->blind, accounts[i].both.blind, "%zu", i);
    }
}

/* --- logs ------------------------------------------------------------------------------------ */

static char *dir;

static void
setup (void)
{
  dir = g_dir_make_tmp ("aakit-inputs-XXXXXX", NULL);
}

static void
teardown (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);
  cr_expect_eq (system (command), 0);
  g_free (dir);
}

TestSuite (inputs, .init = setup, .fini = teardown, .timeout = 60);

/* Lines of auditd's, or of the kernel's, of the serials from @first to @last. */
static void
make_log (const char *name, gboolean auditd, guint first, guint last)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  for (guint i = first; i <= last; i++)
    g_string_append_printf (text,
                            "%saudit(1795295849.%03u:%u): apparmor=\"ALLOWED\" operation=\"open\" "
                            "profile=\"p\" name=\"/a\" pid=1 comm=\"c\" requested_mask=\"r\"\n",
                            auditd ? "type=AVC msg="
                                   : "May  6 12:00:00 host kernel: [1.2] audit: type=1400 ",
                            i / 10, i);
  cr_assert (g_file_set_contents (path, text->str, -1, NULL));
}

static AakSource *
open_inputs (const char *names)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = g_strsplit (names, " ", -1);
  for (char **path = paths; *path != NULL; path++)
    {
      char *whole = g_build_filename (dir, *path, NULL);
      g_free (*path);
      *path = whole;
    }
  AakSource *source = aak_source_inputs_open ((const char *const *) paths, &error);
  cr_assert_not_null (source, "%s", error != NULL ? error->message : "");
  return source;
}

Test (inputs, each_record_once)
{
  static const struct
  {
    const char *names;
    guint records;
    const char *last;
  } cases[] = {
    { "a", 500, "/a:500" },
    { "a b", 1000, "/b:500" }, /* one after the other */
    { "b a", 1000, "/a:500" }, /* in the wrong order */
    { "a copy", 600, "/copy:400" },
    { "copy a copy", 600, "/copy:400" },
    { "a a", 500, "/a:500" },
    { "a kern b", 1000, "/b:500" },
    { "kern a b copy", 1000, "/copy:400" },
    { "a empty b", 1000, "/b:500" },
  };
  make_log ("a", TRUE, 1, 500);
  make_log ("b", TRUE, 501, 1000);
  make_log ("copy", TRUE, 201, 600);
  make_log ("kern", FALSE, 300, 900);
  make_log ("empty", TRUE, 1, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AakSource) source = open_inputs (cases[i].names);
      guint records = count (source, AAK_SOURCE_END);
      g_autofree char *position = aak_source_position (source);
      cr_expect_eq (records, cases[i].records, "%s: %u", cases[i].names, records);
      cr_expect (g_str_has_suffix (position, cases[i].last), "%s", position);
      cr_expect_str_eq (aak_source_name (source), "file");
    }
}

Test (inputs, one_is_not_there)
{
  g_autoptr (GError) error = NULL;
  make_log ("a", TRUE, 1, 500);
  g_autofree char *a = g_build_filename (dir, "a", NULL);
  const char *const paths[] = { a, "/nonexistent/log", NULL };
  cr_expect_null (aak_source_inputs_open (paths, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}
