/* SPDX-License-Identifier: GPL-2.0-or-later
 * inotify on paths. Each time all of them are walked anew, as a watch that stays on what was
 * renamed away tells nothing. The instance is kept: there may be no other one (max_user_instances).
 */
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

/* As many links as the kernel follows in one path. */
#define MAX_LINKS 40

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

/* Watches @dir for @name, the next step of a way. What cannot be watched is passed over: it is not
 * there, and then neither is what comes after it, or it can be passed but not read. */
static gboolean
add_step (AakPathWatch *watch, const char *dir, const char *name, GError **error)
{
  GError *local = NULL;
  if (add (watch, dir, name, &local) || local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* Watches every directory on the way to @path, through links too, for the name that leads on. */
static gboolean
add_way (AakPathWatch *watch, const char *path, GError **error)
{
  g_autofree char *dir = g_strdup ("/");
  g_autofree char *rest = g_strdup (path);
  for (guint links = 0; links <= MAX_LINKS;)
    {
      const char *start = rest + strspn (rest, "/");
      g_autofree char *name = g_strndup (start, strcspn (start, "/"));
      g_autofree char *after = g_strdup (start + strlen (name));
      if (*name == '\0')
        return TRUE;
      gboolean up = strcmp (name, "..") == 0;
      if (!up && !add_step (watch, dir, name, error))
        return FALSE;
      g_autofree char *here = up ? g_path_get_dirname (dir) : g_build_filename (dir, name, NULL);
      g_autofree char *target = up ? NULL : g_file_read_link (here, NULL);
      links += target != NULL;
      g_free (rest);
      rest = target != NULL ? g_build_filename (target, after, NULL) : g_steal_pointer (&after);
      if (target != NULL && *target != '/')
        continue;
      g_free (dir);
      dir = target != NULL ? g_strdup ("/") : g_steal_pointer (&here);
    }
  return TRUE;
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

/* --- what is told ---------------------------------------------------------------------------- */

static gboolean
counts (const AakPathWatch *watch, const struct inotify_event *event)
{
  if (event->mask & IN_Q_OVERFLOW)
    return TRUE;
  const Scope *scope = g_hash_table_lookup (watch->scopes, GINT_TO_POINTER (event->wd));
  if (scope == NULL)
    return FALSE;
  if (scope->all || (event->mask & (IN_UNMOUNT | IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)))
    return TRUE;
  return event->len > 0 && g_hash_table_contains (scope->names, event->name);
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

/* --- its life -------------------------------------------------------------------------------- */

static GHashTable *
scopes_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, scope_free);
}

/* Watches no longer what was in @before and is not now. Numbers of watches are not used again, so
 * what is still told of them counts for nothing. */
static void
drop_others (AakPathWatch *watch, GHashTable *before)
{
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (watch->scopes, id))
      inotify_rm_watch (watch->fd, GPOINTER_TO_INT (id));
}

gboolean
aak_path_watch_renew (AakPathWatch *watch, GError **error)
{
  aak_path_watch_take (watch);
  g_autoptr (GHashTable) before = g_steal_pointer (&watch->scopes);
  watch->scopes = scopes_new ();
  gboolean done = TRUE;
  for (char **path = watch->paths; done && *path != NULL; path++)
    done = add_way (watch, *path, error) && add_below (watch, *path, 0, error);
  drop_others (watch, before);
  return done;
}

AakPathWatch *
aak_path_watch_new (const char *const *paths, GError **error)
{
  AakFd fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot watch files");
      return NULL;
    }
  AakPathWatch *watch = g_new0 (AakPathWatch, 1);
  watch->fd = fd;
  watch->scopes = scopes_new ();
  watch->paths = g_new0 (char *, g_strv_length ((char **) paths) + 1);
  g_autofree char *here = g_get_current_dir ();
  for (guint i = 0; paths[i] != NULL; i++)
    watch->paths[i] = g_path_is_absolute (paths[i]) ? g_strdup (paths[i])
                                                    : g_build_filename (here, paths[i], NULL);
  return watch;
}
