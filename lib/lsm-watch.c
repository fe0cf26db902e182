/* SPDX-License-Identifier: LGPL-2.1-or-later
 * policy/revision: the first read gives the number at once, the next ones block until it is another
 * one, and poll() tells that (measured on 6.1 and 6.12). */
#include "config.h"

#include "lib/lsm-watch.h"

#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>

#define TREE_CHANGES \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR)

struct AakLsmWatch
{
  AakFd fd;
  char *policy; /* of a recording: its directory, whose "profiles" is another one at each change */
};

void
aak_lsm_watch_free (AakLsmWatch *watch)
{
  aak_fd_clear (&watch->fd);
  g_free (watch->policy);
  g_free (watch);
}

int
aak_lsm_watch_fd (const AakLsmWatch *watch)
{
  return watch->fd;
}

/* Watches the recorded profiles; what is watched already stays so. */
static void
watch_tree (AakLsmWatch *watch)
{
  g_autofree char *profiles = g_build_filename (watch->policy, "profiles", NULL);
  inotify_add_watch (watch->fd, watch->policy, TREE_CHANGES);
  inotify_add_watch (watch->fd, profiles, TREE_CHANGES);
  g_autoptr (GDir) dir = g_dir_open (profiles, 0, NULL);
  for (const char *entry = dir != NULL ? g_dir_read_name (dir) : NULL; entry != NULL;
       entry = g_dir_read_name (dir))
    {
      g_autofree char *profile = g_build_filename (profiles, entry, NULL);
      inotify_add_watch (watch->fd, profile, TREE_CHANGES);
    }
}

AakLsmWatch *
aak_lsm_watch_new (const AakLsm *lsm, GError **error)
{
  g_autoptr (AakLsmWatch) watch = g_new0 (AakLsmWatch, 1);
  g_autofree char *policy = g_build_filename (aak_lsm_dir (lsm), "policy", NULL);
  g_autofree char *revision = g_build_filename (policy, "revision", NULL);
  if (aak_lsm_note (lsm) != NULL)
    {
      watch->policy = g_steal_pointer (&policy);
      watch->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
    }
  else
    watch->fd = open (revision, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (watch->fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot watch %s", revision);
      return NULL;
    }
  if (watch->policy != NULL)
    watch_tree (watch);
  else
    aak_lsm_watch_take (watch);
  return g_steal_pointer (&watch);
}

gboolean
aak_lsm_watch_take (AakLsmWatch *watch)
{
  char buffer[16384];
  gboolean changed = FALSE;
  ssize_t n;
  while ((n = read (watch->fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    changed = changed || n > 0;
  if (watch->policy != NULL)
    watch_tree (watch);
  return changed;
}
