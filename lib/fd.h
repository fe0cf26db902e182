/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A file descriptor that closes itself at the end of its scope: g_auto (AakFd) fd = open (...); and
 * the same of a directory's entries: g_autoptr (DIR). */
#pragma once

#include <dirent.h>
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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

/* The entries of the directory *@fd, which the stream takes: it becomes -1. NULL with errno where
 * it is -1 already, from an open() that failed, or no directory; then it stays what it is. */
static inline DIR *
aak_fd_entries (AakFd *fd)
{
  DIR *entries = *fd >= 0 ? fdopendir (*fd) : NULL;
  if (entries != NULL)
    *fd = -1;
  return entries;
}
