/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The lock around everything that changes the policy of a node. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define LOCK_PATH    "/run/aakit/register.lock"
#define LOCK_POLL_US 50000
/* The lock is this kernel's, whatever root the file is below. */
#define LOCKS_PATH "/proc/locks"
#define MAX_LOCKS  (1024 * 1024)
#define MAX_COMM   64

/* The process that the line @line of /proc/locks says to hold the lock of the file @st, or 0: "1:
 * FLOCK  ADVISORY  WRITE 1234 00:19:5678 0 EOF" (fs/locks.c, lock_get_status()). Those who wait
 * have "->" behind the number. */
static guint
parse_holder (const char *line, const struct stat *st)
{
  guint pid = 0, major_number = 0, minor_number = 0;
  guint64 inode = 0;
  if (sscanf (line, "%*u: FLOCK %*s WRITE %u %x:%x:%" G_GUINT64_FORMAT, &pid, &major_number,
              &minor_number, &inode)
      != 4)
    return 0;
  gboolean same = inode == (guint64) st->st_ino && major_number == major (st->st_dev)
                  && minor_number == minor (st->st_dev);
  return same ? pid : 0;
}

/* "aa-register, pid 1234, holds ", or "" where that cannot be known: a holder in another pid
 * namespace, one that has ended and left the lock to a child. */
static char *
tell_holder (int fd)
{
  struct stat st;
  g_autofree char *text = aak_fs_read_text (LOCKS_PATH, MAX_LOCKS, NULL);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  guint pid = 0;
  for (char **line = lines; fstat (fd, &st) == 0 && *line != NULL && pid == 0; line++)
    pid = parse_holder (*line, &st);
  g_autofree char *path = g_strdup_printf ("/proc/%u/comm", pid);
  g_autofree char *comm = pid != 0 ? aak_fs_read_text (path, MAX_COMM, NULL) : NULL;
  if (comm == NULL)
    return g_strdup ("it holds ");
  g_autofree char *shown = aak_escape (comm, strlen (comm));
  return g_strdup_printf ("%s, pid %u, holds ", shown, pid);
}

int
aak_store_lock (const char *root, guint seconds, GError **error)
{
  g_autofree char *path = aak_fs_path (root, LOCK_PATH);
  g_autofree char *dir = g_path_get_dirname (path);
  if (!aak_fs_make_dir (dir, error))
    return -1;
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      aak_error_set_errno (
          error, errno,
          "cannot open the lock %s (it is for root, or for the user that owns its directory)",
          path);
      return -1;
    }
  gint64 deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  while (flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        {
          aak_error_set_errno (error, errno, "cannot lock %s", path);
          return -1;
        }
      if (g_get_monotonic_time () >= deadline)
        {
          g_autofree char *holder = tell_holder (fd);
          g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                       "another aakit program has been changing the policy of this node for %u s "
                       "(%s%s)",
                       seconds, holder, path);
          return -1;
        }
      g_usleep (LOCK_POLL_US);
    }
  return aak_fd_steal (&fd);
}

gboolean
aak_store_is_locked (const char *root)
{
  g_autofree char *path = aak_fs_path (root, LOCK_PATH);
  g_auto (AakFd) fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  return fd >= 0 && flock (fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}
