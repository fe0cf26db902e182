/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A file descriptor that closes itself at the end of its scope: g_auto (AakFd) fd = open (...). */
#pragma once

#include <glib.h>
#include <unistd.h>

typedef int AakFd;

static inline void
aak_fd_clear (AakFd *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* Takes the descriptor out of *@fd, which becomes -1. */
static inline int
aak_fd_steal (AakFd *fd)
{
  int taken = *fd;
  *fd = -1;
  return taken;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakFd, aak_fd_clear)
