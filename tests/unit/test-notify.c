/* SPDX-License-Identifier: GPL-2.0-or-later
 * What systemd hears of a service, and how often it wants to. */
#include "register/notify.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket that listens at @name (its first byte NUL: abstract) of @len bytes. */
static int
listen_at (const char *name, gsize len)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  cr_assert_lt (len, sizeof address.sun_path);
  memcpy (address.sun_path, name, len);
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  cr_assert_eq (bind (fd, (struct sockaddr *) &address,
                      (socklen_t) (offsetof (struct sockaddr_un, sun_path) + len)),
                0);
  return fd;
}

static void
expect (int fd, const char *wanted)
{
  char heard[1000] = "";
  ssize_t len = recv (fd, heard, sizeof heard - 1, MSG_DONTWAIT);
  cr_assert_eq (len, (ssize_t) strlen (wanted), "%s", heard);
  cr_expect_str_eq (heard, wanted);
}

Test (notify, a_socket_with_a_path)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-notify-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "socket", NULL);
  int fd = listen_at (path, strlen (path));
  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  aak_notify_ready ("1 profile\nREADY=0");
  expect (fd, "READY=1\nSTATUS=1 profile READY=0");
  aak_notify_status ("2 profiles");
  expect (fd, "STATUS=2 profiles");
  aak_notify_alive ();
  expect (fd, "WATCHDOG=1");
  aak_notify_stopping ();
  expect (fd, "STOPPING=1");
  close (fd);
  g_unlink (path);
  g_rmdir (dir);
}

Test (notify, an_abstract_socket)
{
  g_autofree char *name = g_strdup_printf ("@aakit-test-notify-%d", (int) getpid ());
  g_autofree char *address = g_strdup (name);
  address[0] = '\0';
  int fd = listen_at (address, strlen (name));
  g_setenv ("NOTIFY_SOCKET", name, TRUE);
  aak_notify_alive ();
  expect (fd, "WATCHDOG=1");
  close (fd);
}

/* What is no address of one, or has nobody who listens, ends nothing. */
Test (notify, no_socket)
{
  g_autofree char *long_path = g_strnfill (200, 'x');
  long_path[0] = '/';
  const char *const names[] = { "",       "/", "@", "relative", "vsock:2:1234", "/nonexistent/x",
                                long_path };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_setenv ("NOTIFY_SOCKET", names[i], TRUE);
      aak_notify_alive ();
    }
  g_unsetenv ("NOTIFY_SOCKET");
  aak_notify_alive ();
}

static guint
interval (const char *usec, const char *pid)
{
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  if (usec != NULL)
    g_setenv ("WATCHDOG_USEC", usec, TRUE);
  if (pid != NULL)
    g_setenv ("WATCHDOG_PID", pid, TRUE);
  return aak_notify_alive_interval ();
}

/* Half of what the watchdog allows. */
Test (notify, how_often)
{
  g_autofree char *self = g_strdup_printf ("%d", (int) getpid ());
  g_autofree char *parent = g_strdup_printf ("%d", (int) getppid ());
  cr_expect_eq (interval (NULL, NULL), 0);
  cr_expect_eq (interval ("120000000", NULL), 60000);
  cr_expect_eq (interval ("120000000", self), 60000);
  cr_expect_eq (interval ("120000000", parent), 0);
  cr_expect_eq (interval ("120000000", "x"), 0);
  cr_expect_eq (interval ("120000000", ""), 0);
  cr_expect_eq (interval ("1", NULL), 1);
  cr_expect_eq (interval ("18446744073709551614", NULL), G_MAXINT);
  cr_expect_eq (interval ("18446744073709551615", NULL), 0); /* no limit */
  cr_expect_eq (interval ("0", NULL), 0);
  cr_expect_eq (interval ("-1", NULL), 0);
  cr_expect_eq (interval ("2s", NULL), 0);
  cr_expect_eq (interval ("", NULL), 0);
}
