/* SPDX-License-Identifier: GPL-2.0-or-later
 * One call by Varlink: a JSON object and a NUL each way (varlink.org/Service). */
#include "config.h"

#include "learn/journal-sync.h"

#include "lib/fd.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char call[] = "{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}";

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_auto (AakFd) fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0
      || g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path
      || connect (fd, (const struct sockaddr *) &address, sizeof address) < 0)
    return -1;
  return aak_fd_steal (&fd);
}

gboolean
aak_journal_sync (const char *path, guint wait_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * 1000;
  g_auto (AakFd) fd = connect_to (path);
  if (fd < 0 || send (fd, call, sizeof call, MSG_NOSIGNAL) != sizeof call)
    return TRUE;
  for (gint64 now = g_get_monotonic_time (); now < deadline; now = g_get_monotonic_time ())
    {
      struct pollfd ready = { .fd = fd, .events = POLLIN };
      char answer[512]; /* what it says does not matter: it says it when it is done, or cannot */
      if (poll (&ready, 1, (int) ((deadline - now) / 1000) + 1) <= 0)
        continue;
      ssize_t len = recv (fd, answer, sizeof answer, 0);
      if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR)
          || (len > 0 && memchr (answer, '\0', (gsize) len) != NULL))
        return TRUE;
    }
  return FALSE;
}
