/* SPDX-License-Identifier: GPL-2.0-or-later
 * inotify on paths. Watches are made anew each time: they are few, and one that stays on what was
 * renamed away tells nothing. */
#include "config.h"

#include "register/path-watch.h"

#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>

#define CHANGES                                                                                 \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB \
   | IN_DELETE_SELF | IN_MOVE_SELF)

/* The names that count in a directory. */
typedef struct
{
  gboolean all;
  GHashTable *names; /* else these */
} Scope;

struct AakPathWatch
{
  char **paths;
  AakFd fd;
  GHashTable *scopes; /* watch descriptor -> Scope */
};

static void
scope_free (gpointer data)
{
  Scope *scope = data;
  g_hash_table_unref (scope->names);
  g_free (scope);
}

void
aak_path_watch_free (AakPathWatch *watch)
{
  g_strfreev (watch->paths);
  aak_fd_clear (&watch->fd);
  g_hash_table_unref (watch->scopes);
  g_free (watch);
}

int
aak_path_watch_fd (const AakPathWatch *watch)
{
  return watch->fd;
}

/* --- what is watched ------------------------------------------------------------------------- */

/* Watches the directory @path for @name, or for all names where that is NULL. FALSE where it is not
 * there; the error is set for what is no matter of being there. */
static gboolean
add (AakPathWatch *watch, const char *path, const char *name, GError **error)
{
  int id = inotify_add_watch (watch->fd, path, CHANGES | IN_ONLYDIR);
  if (id < 0)
    {
      if (errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ELOOP)
        aak_error_set_errno (error, errno, "cannot watch %s", path);
      return FALSE;
    }
  Scope *scope = g_hash_table_lookup (watch->scopes, GINT_TO_POINTER (id));
  if (scope == NULL)
    {
      scope = g_new0 (Scope, 1);
      scope->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (watch->scopes, GINT_TO_POINTER (id), scope);
    }
  if (name == NULL)
    scope->all = TRUE;
  else
    g_hash_table_add (scope->names, g_strdup (name));
  return TRUE;
}

/* Watches the nearest directory above @path that is there for the name that leads to it. */
static gboolean
add_above (AakPathWatch *watch, const char *path, GError **error)
{
  g_autofree char *below = g_strdup (path);
  for (;;)
    {
      GError *local = NULL;
      g_autofree char *dir = g_path_get_dirname (below);
      g_autofree char *name = g_path_get_basename (below);
      if (add (watch, dir, name, &local))
        return TRUE;
      if (local != NULL)
        {
          g_propagate_error (error, local);
          return FALSE;
        }
      if (strcmp (dir, "/") == 0)
        return TRUE;
      g_free (g_steal_pointer (&below));
      below = g_steal_pointer (&dir);
    }
}

/* Watches the directory @path, if it is one, and those below it, which may be links. */
static gboolean
add_below (AakPathWatch *watch, const char *path, int depth, GError **error)
{
  GError *local = NULL;
  if (g_hash_table_size (watch->scopes) >= AAK_PATH_WATCH_MAX || depth > AAK_PATH_WATCH_MAX_DEPTH)
    return TRUE;
  if (!add (watch, path, NULL, &local))
    {
      if (local != NULL)
        g_propagate_error (error, local);
      return local == NULL;
    }
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *entry = dir != NULL ? g_dir_read_name (dir) : NULL; entry != NULL;
       entry = g_dir_read_name (dir))
    {
      g_autofree char *below = g_build_filename (path, entry, NULL);
      if (g_file_test (below, G_FILE_TEST_IS_DIR) && !add_below (watch, below, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
aak_path_watch_renew (AakPathWatch *watch, GError **error)
{
  aak_fd_clear (&watch->fd);
  g_hash_table_remove_all (watch->scopes);
  watch->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (watch->fd < 0)
    return aak_error_set_errno (error, errno, "cannot watch files");
  for (char **path = watch->paths; *path != NULL; path++)
    if (!add_above (watch, *path, error) || !add_below (watch, *path, 0, error))
      return FALSE;
  return TRUE;
}

AakPathWatch *
aak_path_watch_new (const char *const *paths, GError **error)
{
  g_autoptr (AakPathWatch) watch = g_new0 (AakPathWatch, 1);
  watch->fd = -1;
  watch->scopes = g_hash_table_new_full (NULL, NULL, NULL, scope_free);
  watch->paths = g_new0 (char *, g_strv_length ((char **) paths) + 1);
  for (guint i = 0; paths[i] != NULL; i++)
    watch->paths[i] = g_canonicalize_filename (paths[i], NULL);
  return aak_path_watch_renew (watch, error) ? g_steal_pointer (&watch) : NULL;
}

/* --- what is told ---------------------------------------------------------------------------- */

static gboolean
counts (const AakPathWatch *watch, const struct inotify_event *event)
{
  if (event->mask & (IN_Q_OVERFLOW | IN_UNMOUNT | IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF))
    return TRUE;
  const Scope *scope = g_hash_table_lookup (watch->scopes, GINT_TO_POINTER (event->wd));
  return scope != NULL
         && (scope->all || (event->len > 0 && g_hash_table_contains (scope->names, event->name)));
}

gboolean
aak_path_watch_take (AakPathWatch *watch)
{
  char buffer[16384] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  gboolean changed = FALSE;
  ssize_t n;
  while ((n = read (watch->fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    for (ssize_t at = 0; at < n;)
      {
        const struct inotify_event *event = (const struct inotify_event *) (void *) (buffer + at);
        changed = changed || counts (watch, event);
        at += (ssize_t) (sizeof *event + event->len);
      }
  return changed;
}
