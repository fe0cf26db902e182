/* SPDX-License-Identifier: GPL-2.0-or-later
 * An epoll of the source's descriptor and a timer. */
#include "config.h"

#include "learn/source-wake.h"

#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

static gboolean
watch (int epoll, int fd)
{
  struct epoll_event event = { .events = EPOLLIN };
  return fd >= 0 && epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

gboolean
aak_source_wake_open (AakSourceWake *wake, int fd, GError **error)
{
  g_auto (AakFd) timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  g_auto (AakFd) epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll < 0 || !watch (epoll, timer) || !watch (epoll, fd))
    return aak_error_set_errno (error, errno, "cannot wait for records");
  *wake = (AakSourceWake){ aak_fd_steal (&epoll), aak_fd_steal (&timer), FALSE };
  aak_source_wake_busy (wake, FALSE);
  return TRUE;
}

void
aak_source_wake_busy (AakSourceWake *wake, gboolean busy)
{
  if (busy && wake->busy)
    return;
  struct itimerspec spec = { .it_interval.tv_sec = 1 };
  spec.it_value = busy ? (struct timespec){ .tv_nsec = 1 } : (struct timespec){ .tv_sec = 1 };
  timerfd_settime (wake->timer, 0, &spec, NULL);
  wake->busy = busy;
}

void
aak_source_wake_clear (AakSourceWake *wake)
{
  aak_fd_clear (&wake->poll_fd);
  aak_fd_clear (&wake->timer);
}
