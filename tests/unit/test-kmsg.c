/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's log, on a pipe whose packets are records. */
#include "learn/source-auditd.h"
#include "learn/source.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *root;
static int pipe_fds[2];

static void
put (const char *path, const char *text)
{
  g_autofree char *whole = g_build_filename (root, path, NULL);
  g_autofree char *dir = g_path_get_dirname (whole);
  cr_assert_eq (g_mkdir_with_parents (dir, 0700), 0);
  cr_assert (g_file_set_contents (whole, text, -1, NULL));
}

static void
setup (void)
{
  root = g_dir_make_tmp ("aakit-kmsg-XXXXXX", NULL);
  put ("dev/null", "");
  put ("proc/sys/kernel/printk_ratelimit", "0\n");
  cr_assert_eq (pipe2 (pipe_fds, O_DIRECT | O_CLOEXEC), 0);
  g_autofree char *target = g_strdup_printf ("/proc/%d/fd/%d", (int) getpid (), pipe_fds[0]);
  g_autofree char *path = g_build_filename (root, "dev/kmsg", NULL);
  cr_assert_eq (symlink (target, path), 0);
}

static void
teardown (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", root);
  cr_expect_eq (system (command), 0);
  g_free (root);
}

TestSuite (kmsg, .init = setup, .fini = teardown, .timeout = 60);

static AakSource *
open_kmsg (void)
{
  g_autoptr (GError) error = NULL;
  AakSource *source = aak_source_kmsg_open (root, NULL, &error);
  cr_assert_not_null (source, "%s", error != NULL ? error->message : "");
  return source;
}

static void
say (const char *record)
{
  cr_assert_eq (write (pipe_fds[1], record, strlen (record)), (ssize_t) strlen (record));
}

/* The number of AppArmor records among what was said. */
static guint
apparmor_records (AakSource *source)
{
  AakSourceRecord raw;
  AakRecord record;
  AakSourceStatus status;
  guint count = 0;
  while ((status = aak_source_next (source, &raw, NULL)) == AAK_SOURCE_RECORD)
    count += aak_source_parse (source, &raw, &record) == AAK_RECORD_APPARMOR;
  cr_expect_eq (status, AAK_SOURCE_AGAIN);
  return count;
}

#define RECORD                                                                             \
  "audit: type=1400 audit(1795295849.284:32): apparmor=\"ALLOWED\" operation=\"open\" "    \
  "profile=\"k8s-web\" name=\"/etc/x\\x5cy\" pid=219 comm=\"nginx\" requested_mask=\"r\" " \
  "denied_mask=\"r\" fsuid=0 ouid=0\n"

Test (kmsg, records_of_the_kernel_only)
{
  g_autoptr (AakSource) source = open_kmsg ();
  say ("5,100,1000,-;" RECORD);
  say ("6,101,1001,-;eth0: link up\n SUBSYSTEM=net\n DEVICE=+5,1,1,-;" RECORD);
  say ("13,102,1002,-;" RECORD);
  say ("12,103,1002,-;kauditd_printk_skb: 7 callbacks suppressed\n");
  cr_expect_eq (apparmor_records (source), 1);
  const AakAccount *account = aak_source_account (source);
  g_autofree char *position = aak_source_position (source);
  cr_expect_str_eq (position, "kmsg#103");
  cr_expect_eq (account->records, 4);
  cr_expect (aak_account_is_complete (account));
}

Test (kmsg, counts_what_is_missing)
{
  static const struct
  {
    const char *said;
    guint64 backlog, overrun, unsized; /* after it, in all */
  } cases[] = {
    { "4,100,1,-;kauditd_printk_skb: 19978 callbacks suppressed\n", 19978, 0, 0 },
    { "4,101,1,-;x kauditd_printk_skb: 5 callbacks suppressed\n", 19978, 0, 1 },
    { "4,102,1,-;net_ratelimit: 5 callbacks suppressed\n", 19978, 0, 1 },
    { "4,103,1,-;kauditd_printk_skb: 5 callbacks suppressed, or so\n", 19978, 0, 1 },
    { "4,104,1,-;net: nothing\n 4,9,9,-;kauditd: 9 callbacks suppressed\n", 19978, 0, 1 },
    { "4,110,1,-;after five\n", 19978, 5, 1 },
    { "4,111,1,-;audit: audit_lost=70 audit_rate_limit=0 audit_backlog_limit=64\n", 19979, 5, 1 },
    { "4,112,1,-;audit: audit_lost=90 audit_rate_limit=0 audit_backlog_limit=64\n", 19999, 5, 1 },
    { "nonsense", 19999, 5, 1 },
    { "4,113,1,-", 19999, 5, 1 },
    { "4,114,1,-;last\n", 19999, 5, 1 },
  };
  g_autoptr (AakSource) source = open_kmsg ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      say (cases[i].said);
      cr_expect_eq (apparmor_records (source), 0);
      const AakAccount *account = aak_source_account (source);
      cr_expect_eq (account->backlog, cases[i].backlog, "%s: %lu", cases[i].said,
                    (unsigned long) account->backlog);
      cr_expect_eq (account->overrun, cases[i].overrun, "%s", cases[i].said);
      cr_expect_eq (account->unsized, cases[i].unsized, "%s", cases[i].said);
    }
}

/* Goes on behind the line that was counted last; how many were overwritten meanwhile, the number of
 * the next one tells. */
Test (kmsg, goes_on)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPosition) from = NULL;
  {
    g_autoptr (AakSource) source = open_kmsg ();
    say ("5,100,1000,-;" RECORD);
    cr_expect_eq (apparmor_records (source), 1);
    from = aak_source_mark (source);
  }
  say ("5,99,999,-;" RECORD);
  say ("5,100,1000,-;" RECORD);
  say ("5,101,1001,-;" RECORD);
  say ("5,105,1001,-;" RECORD);
  g_autoptr (AakSource) source = aak_source_kmsg_open (root, from, &error);
  cr_assert_not_null (source);
  cr_expect_eq (apparmor_records (source), 2);
  cr_expect_eq (aak_source_account (source)->overrun, 3);
  cr_expect_null (source->gap);
}

/* A limit that may hide records, or an auditd that takes them: nothing is known then. */
Test (kmsg, blind)
{
  put ("proc/sys/kernel/printk_ratelimit", "5\n");
  g_autoptr (AakSource) limited = open_kmsg ();
  cr_expect (aak_source_account (limited)->blind);
  put ("proc/sys/kernel/printk_ratelimit", "0\n");
  cr_expect_not (aak_source_auditd_runs (root));
  put ("run/auditd.pid", "77\n");
  cr_expect_not (aak_source_auditd_runs (root));
  put ("proc/77/comm", "bash\n");
  cr_expect_not (aak_source_auditd_runs (root));
  put ("proc/77/comm", "auditd\n");
  cr_expect (aak_source_auditd_runs (root));
  g_autoptr (AakSource) deaf = open_kmsg ();
  cr_expect (aak_source_account (deaf)->blind);
}

Test (kmsg, that_is_not_there)
{
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_source_kmsg_open ("/nonexistent", NULL, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}
