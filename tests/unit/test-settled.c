/* SPDX-License-Identifier: GPL-2.0-or-later
 * Whether the daemons between the kernel and a log have written what they were given. */
#include "learn/audit-daemon.h"
#include "learn/auditd-serials.h"
#include "learn/journal-sync.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* --- auditd ---------------------------------------------------------------------------------- */

#define HEAD                                                                         \
  "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops " \
  "   Inode\n"
#define ROW(protocol, port, unread)                                                 \
  "0000000000000000 " protocol "   " port "        00000000 " unread "        0   " \
  "     0     2        0        14521   \n"

typedef struct
{
  const char *table;
  const char *stat;
  gboolean idle;
} Daemon;

static void
put (const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  cr_assert_eq (g_mkdir_with_parents (parent, 0700), 0);
  cr_assert (text == NULL || g_file_set_contents (path, text, -1, NULL));
}

Test (audit_daemon, idle_is_an_empty_socket_and_sleep)
{
  static const Daemon daemons[] = {
    { HEAD ROW ("9", "412", "0"), "412 (auditd) S 1 412\n", TRUE },
    { HEAD ROW ("9", "412", "2304"), "412 (auditd) S 1 412\n", FALSE },
    { HEAD ROW ("0", "412", "2304") ROW ("9", "412", "0"), "412 (auditd) S 1\n", TRUE },
    { HEAD ROW ("9", "0", "0") ROW ("9", "412", "768"), "412 (auditd) S 1\n", FALSE },
    { HEAD ROW ("9", "4128", "768") ROW ("9", "412", "0"), "412 (auditd) S 1\n", TRUE },
    { HEAD ROW ("9", "4294963148", "768") ROW ("9", "412", "0"), "412 (auditd) S 1\n", TRUE },
    { HEAD ROW ("9", "412", "0"), "412 (auditd) R 1 412\n", FALSE },
    { HEAD ROW ("9", "412", "0"), "412 (auditd) D 1 412\n", FALSE },
    { HEAD ROW ("9", "412", "0"), "412 (auditd) T 1 412\n", FALSE },
    { HEAD ROW ("9", "412", "0"), "412 (a) S) R 1 412\n", FALSE },
    { HEAD ROW ("9", "412", "2304"), NULL, TRUE }, /* it is gone */
    { NULL, "412 (auditd) R 1 412\n", TRUE },
    { "", "412 (auditd) S 1 412\n", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (daemons); i++)
    {
      g_autofree char *proc = g_dir_make_tmp ("aakit-proc-XXXXXX", NULL);
      put (proc, "1/net/netlink", daemons[i].table);
      put (proc, "412/stat", daemons[i].stat);
      cr_expect_eq (aak_audit_daemon_is_idle (proc, 412), daemons[i].idle, "daemon %zu", i);
      cr_expect (aak_audit_daemon_is_idle (proc, 0), "no daemon, %zu", i);
      aak_tree_remove (proc);
    }
}

/* --- journald -------------------------------------------------------------------------------- */

typedef struct
{
  const char *answer; /* in two parts, or NULL: hangs up */
  gssize len;
  int listener;
  char *heard;
} Journald;

static gpointer
serve (gpointer data)
{
  Journald *journald = data;
  char text[256] = "";
  int fd = accept (journald->listener, NULL, NULL);
  cr_assert_geq (fd, 0);
  cr_assert_gt (read (fd, text, sizeof text - 1), 0);
  journald->heard = g_strdup (text);
  if (journald->answer != NULL)
    {
      /* On a slow machine the one who does not get the end of it is gone by now. */
      (void) !send (fd, journald->answer, 3, MSG_NOSIGNAL);
      g_usleep (20000);
      (void) !send (fd, journald->answer + 3, journald->len - 3, MSG_NOSIGNAL);
      g_usleep (200000); /* longer than it waits */
    }
  close (fd);
  return NULL;
}

static gboolean
sync_with (Journald *journald, guint wait_ms)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-sync-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "socket", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  journald->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  cr_assert_eq (bind (journald->listener, (struct sockaddr *) &address, sizeof address), 0);
  cr_assert_eq (listen (journald->listener, 1), 0);
  GThread *thread = g_thread_new ("journald", serve, journald);
  gboolean done = aak_journal_sync (path, wait_ms);
  g_thread_join (thread);
  close (journald->listener);
  aak_tree_remove (dir);
  cr_expect_str_eq (journald->heard,
                    "{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}");
  g_free (journald->heard);
  return done;
}

Test (journal_sync, waits_for_the_answer)
{
  Journald answers = { .answer = "{\"parameters\":{}}", .len = sizeof "{\"parameters\":{}}" };
  cr_expect (sync_with (&answers, 10000));
  Journald hangs_up = { .answer = NULL };
  cr_expect (sync_with (&hangs_up, 10000));
  Journald never_done = { .answer = "{\"parameters\":", .len = strlen ("{\"parameters\":") };
  cr_expect_not (sync_with (&never_done, 100));
}

Test (journal_sync, what_cannot_be_asked_is_not_waited_for)
{
  g_autofree char *path = g_strnfill (500, 'x');
  cr_expect (aak_journal_sync ("/nonexistent/socket", 10000));
  cr_expect (aak_journal_sync (path, 10000));
}

/* --- the log's serials ----------------------------------------------------------------------- */

static guint64
missing (const char *const *lines, gboolean mixed)
{
  g_autofree AakAuditdSerials *serials = g_new0 (AakAuditdSerials, 1);
  for (; *lines != NULL; lines++)
    aak_auditd_serials_add (serials, *lines, strlen (*lines));
  cr_expect_eq (serials->mixed, mixed);
  return aak_serial_window_missing (&serials->window);
}

#define LINE(type, serial) "type=" type " msg=audit(1.000:" serial "): x=y"

Test (auditd_serials, what_counts)
{
  cr_expect_eq (missing ((const char *[]){ LINE ("AVC", "7"), LINE ("SYSCALL", "7"),
                                           LINE ("CONFIG_CHANGE", "9"), LINE ("1400", "12"), NULL },
                         FALSE),
                3);
  cr_expect_eq (missing ((const char *[]){ LINE ("AVC", "7"), LINE ("DAEMON_ROTATE", "5000"),
                                           "type=AVC", "msg=audit(1.000:6000): ", "", "x",
                                           "type=AVC msg=audit(1.000:x): ", LINE ("AVC", "8"),
                                           NULL },
                         FALSE),
                0);
  cr_expect_eq (missing ((const char *[]){ "node=a " LINE ("AVC", "7"), "node=a " LINE ("AVC", "9"),
                                           "node=a type=DAEMON_END msg=audit(1.000:77): x", NULL },
                         FALSE),
                1);
}

Test (auditd_serials, several_hosts_in_one_log)
{
  g_autofree char *name = g_strnfill (AAK_AUDITD_NODE_MAX, 'n');
  g_autofree char *line = g_strdup_printf ("node=%s %s", name, LINE ("AVC", "7"));
  missing ((const char *[]){ "node=a " LINE ("AVC", "7"), "node=b " LINE ("AVC", "8"), NULL },
           TRUE);
  missing ((const char *[]){ "node=a " LINE ("AVC", "7"), LINE ("AVC", "8"), NULL }, TRUE);
  missing ((const char *[]){ LINE ("AVC", "7"), "node=a " LINE ("AVC", "8"), NULL }, TRUE);
  missing ((const char *[]){ line, line, NULL }, TRUE);
}
