/* SPDX-License-Identifier: GPL-2.0-or-later
 * The protocol of sd_notify(3) and sd_watchdog_enabled(3): datagrams to a socket, variables of the
 * environment. Both are stable, and a daemon that keeps a node's policy maps no library for them.
 */
#include "config.h"

#include "register/notify.h"

#include "lib/fd.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Sends @state to the socket @name, a path or, behind '@', an abstract name. */
static gboolean
send_state (const char *name, const char *state)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize len = strlen (name);
  if ((name[0] != '/' && name[0] != '@') || name[1] == '\0' || len >= sizeof address.sun_path)
    {
      errno = EINVAL;
      return FALSE;
    }
  memcpy (address.sun_path, name, len);
  if (name[0] == '@')
    address.sun_path[0] = '\0';
  socklen_t size = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + len);
  g_auto (AakFd) fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return fd >= 0
         && sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address, size)
                >= 0;
}

/* A service that cannot tell that it is ready ends by systemd's own time limit, so the reason goes
 * to its log. */
static void
tell (const char *state)
{
  const char *name = g_getenv ("NOTIFY_SOCKET");
  if (name != NULL && !send_state (name, state))
    g_warning_once ("systemd is not told: NOTIFY_SOCKET=%s: %s", name, g_strerror (errno));
}

/* @status on one line. */
static char *
one_line (const char *status)
{
  return g_strdelimit (g_strdup (status), "\n", ' ');
}

void
aak_notify_ready (const char *status)
{
  g_autofree char *line = one_line (status);
  g_autofree char *state = g_strdup_printf ("READY=1\nSTATUS=%s", line);
  tell (state);
}

void
aak_notify_status (const char *status)
{
  g_autofree char *line = one_line (status);
  g_autofree char *state = g_strdup_printf ("STATUS=%s", line);
  tell (state);
}

void
aak_notify_reloading (void)
{
  g_autofree char *state =
      g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  tell (state);
}

void
aak_notify_stopping (void)
{
  tell ("STOPPING=1");
}

void
aak_notify_alive (void)
{
  tell ("WATCHDOG=1");
}

guint
aak_notify_alive_interval (void)
{
  const char *usec = g_getenv ("WATCHDOG_USEC"), *pid = g_getenv ("WATCHDOG_PID");
  guint64 limit = 0, whose = 0;
  if (usec == NULL || !g_ascii_string_to_unsigned (usec, 10, 1, G_MAXUINT64 - 1, &limit, NULL))
    return 0;
  if (pid != NULL
      && (!g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &whose, NULL)
          || whose != (guint64) getpid ()))
    return 0;
  return (guint) CLAMP (limit / 2000, 1, G_MAXINT);
}
