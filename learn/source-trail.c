/* SPDX-License-Identifier: GPL-2.0-or-later
 * inotify tells in order what was created, renamed and deleted; so that a file which stood at
 * the path is found by the name it has now, however many rotations later that is, and a copy of it
 * is none. A file is opened by its name, and the events that come after say whether the name still
 * was its own. */
#include "config.h"

#include "learn/source-trail.h"

#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define PATIENCE_US (2 * G_USEC_PER_SEC) /* for events that explain what was found */
#define DIR_EVENTS \
  (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

static void
entry_close (AakSourceTrail *trail, AakTrailEntry *entry)
{
  if (entry->watch >= 0)
    inotify_rm_watch (trail->inotify, entry->watch);
  entry->watch = -1;
  g_clear_pointer (&entry->file, aak_source_growing_free);
  entry->state = AAK_TRAIL_WAITING;
}

static AakTrailEntry *
entry_at (const AakSourceTrail *trail, guint index)
{
  return g_ptr_array_index (trail->entries, index);
}

static AakTrailEntry *
add_entry (AakSourceTrail *trail)
{
  AakTrailEntry *entry = g_new0 (AakTrailEntry, 1);
  entry->name = g_strdup (trail->base);
  entry->since = g_get_monotonic_time ();
  entry->watch = -1;
  g_ptr_array_add (trail->entries, entry);
  return entry;
}

void
aak_source_trail_drop (AakSourceTrail *trail, guint index)
{
  AakTrailEntry *entry = entry_at (trail, index);
  entry_close (trail, entry);
  g_free (entry->name);
  g_free (entry);
  g_ptr_array_remove_index (trail->entries, index);
}

/* --- events ---------------------------------------------------------------------------------- */

static AakTrailEntry *
find_name (const AakSourceTrail *trail, const char *name)
{
  for (guint i = 0; i < trail->entries->len; i++)
    if (g_strcmp0 (entry_at (trail, i)->name, name) == 0)
      return entry_at (trail, i);
  return NULL;
}

static AakTrailEntry *
find_cookie (const AakSourceTrail *trail, guint32 cookie)
{
  for (guint i = 0; i < trail->entries->len; i++)
    if (entry_at (trail, i)->cookie == cookie)
      return entry_at (trail, i);
  return NULL;
}

/* The name is another file's, or nobody's, from now on. A file that is open keeps its content; one
 * that was just opened by this name is the right one where it has no name left, and else is the
 * file that came after it. */
static void
unname (AakSourceTrail *trail, AakTrailEntry *entry)
{
  struct stat st;
  g_clear_pointer (&entry->name, g_free);
  if (entry->retired == 0)
    entry->retired = g_get_monotonic_time ();
  if (entry->state != AAK_TRAIL_FRESH)
    return;
  if (fstat (aak_source_growing_fd (entry->file), &st) < 0 || st.st_nlink > 0)
    entry_close (trail, entry);
}

static void
rename_from (AakSourceTrail *trail, AakTrailEntry *entry, guint32 cookie)
{
  if (entry->state == AAK_TRAIL_FRESH)
    entry_close (trail, entry);
  unname (trail, entry);
  entry->cookie = cookie;
}

static void
arrive (AakSourceTrail *trail, const struct inotify_event *event)
{
  AakTrailEntry *replaced = find_name (trail, event->name);
  AakTrailEntry *moved = event->cookie != 0 ? find_cookie (trail, event->cookie) : NULL;
  if (replaced != NULL)
    unname (trail, replaced);
  if (moved != NULL)
    {
      moved->name = g_strdup (event->name);
      moved->cookie = 0;
      moved->retired = strcmp (moved->name, trail->base) == 0 ? 0 : moved->retired;
    }
  else if (strcmp (event->name, trail->base) == 0)
    add_entry (trail);
}

static void
on_dir_event (AakSourceTrail *trail, const struct inotify_event *event)
{
  AakTrailEntry *entry = event->len > 0 ? find_name (trail, event->name) : NULL;
  if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0)
    {
      if ((event->mask & IN_MOVE_SELF) != 0)
        inotify_rm_watch (trail->inotify, trail->dir_watch);
      trail->dir_watch = -1;
      trail->missed++;
    }
  else if ((event->mask & IN_ISDIR) != 0 || event->len == 0)
    return;
  else if ((event->mask & (IN_CREATE | IN_MOVED_TO)) != 0)
    arrive (trail, event);
  else if (entry != NULL && (event->mask & IN_MOVED_FROM) != 0)
    rename_from (trail, entry, event->cookie);
  else if (entry != NULL && (event->mask & IN_DELETE) != 0)
    unname (trail, entry);
}

/* TRUE where there was any event. */
static gboolean
drain (AakSourceTrail *trail)
{
  char buffer[16384] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  gboolean any = FALSE;
  ssize_t n;
  while ((n = read (trail->inotify, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    for (ssize_t at = 0; at < n; any = TRUE)
      {
        const struct inotify_event *event = (const struct inotify_event *) (void *) (buffer + at);
        at += (ssize_t) (sizeof *event + event->len);
        if ((event->mask & IN_Q_OVERFLOW) != 0)
          trail->missed++;
        else if (event->wd == trail->dir_watch)
          on_dir_event (trail, event);
      }
  return any;
}

/* --- opening --------------------------------------------------------------------------------- */

/* FALSE where it is not there (yet), or may not be read (yet). */
static gboolean
open_entry (AakSourceTrail *trail, AakTrailEntry *entry, gboolean from_end, GError **error)
{
  g_autofree char *path = g_build_filename (trail->dir, entry->name, NULL);
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot open %s", trail->path);
  if (!S_ISREG (st.st_mode))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: is not a regular file", trail->path);
      return FALSE;
    }
  entry->file = aak_source_growing_new (aak_fd_steal (&fd), from_end, error);
  if (entry->file == NULL)
    return FALSE;
  entry->dev = st.st_dev;
  entry->ino = st.st_ino;
  entry->state = AAK_TRAIL_FRESH;
  return TRUE;
}

static guint
open_waiting (AakSourceTrail *trail)
{
  guint opened = 0;
  for (guint i = 0; i < trail->entries->len; i++)
    {
      AakTrailEntry *entry = entry_at (trail, i);
      if (entry->state == AAK_TRAIL_WAITING && entry->name != NULL)
        opened += open_entry (trail, entry, FALSE, NULL);
    }
  return opened;
}

/* TRUE where another entry is the same file, which then has the name of this one. */
static gboolean
is_known (AakSourceTrail *trail, AakTrailEntry *entry)
{
  for (guint i = 0; i < trail->entries->len; i++)
    {
      AakTrailEntry *other = entry_at (trail, i);
      if (other == entry || other->state != AAK_TRAIL_SURE || other->ino != entry->ino
          || other->dev != entry->dev)
        continue;
      g_free (other->name);
      other->name = g_steal_pointer (&entry->name);
      other->retired = g_strcmp0 (other->name, trail->base) == 0 ? 0 : other->retired;
      return TRUE;
    }
  return FALSE;
}

/* A watch of its own: the file may be written to wherever it was moved. */
static void
watch_entry (AakSourceTrail *trail, AakTrailEntry *entry)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", aak_source_growing_fd (entry->file));
  entry->watch = inotify_add_watch (trail->inotify, link, IN_MODIFY);
  entry->state = AAK_TRAIL_SURE;
}

/* No event came that says otherwise: what was opened is right. */
static void
confirm (AakSourceTrail *trail)
{
  for (guint i = 0; i < trail->entries->len;)
    {
      AakTrailEntry *entry = entry_at (trail, i);
      if (entry->state == AAK_TRAIL_FRESH && is_known (trail, entry))
        {
          aak_source_trail_drop (trail, i);
          continue;
        }
      if (entry->state == AAK_TRAIL_FRESH)
        watch_entry (trail, entry);
      i++;
    }
}

/* Gives up what is gone for good. A file at the path that may not be read is counted once,
 * and tried again. */
static void
give_up (AakSourceTrail *trail)
{
  gint64 now = g_get_monotonic_time ();
  for (guint i = 0; i < trail->entries->len;)
    {
      AakTrailEntry *entry = entry_at (trail, i);
      gboolean gone = entry->name == NULL && entry->cookie == 0;
      gboolean late = entry->since != 0 && now - entry->since > PATIENCE_US;
      if (entry->state != AAK_TRAIL_WAITING || (!gone && !late))
        {
          i++;
          continue;
        }
      trail->missed += entry->since != 0;
      entry->since = 0;
      if (g_strcmp0 (entry->name, trail->base) == 0)
        i++;
      else
        aak_source_trail_drop (trail, i);
    }
}

/* Where no event can tell (the path is a symbolic link, the directory was replaced, events
 * overflowed), what stands at the path does; events get time to say it first. */
static void
look_at_path (AakSourceTrail *trail)
{
  struct stat st;
  AakTrailEntry *known = find_name (trail, trail->base);
  if (trail->dir_watch < 0)
    trail->dir_watch = inotify_add_watch (trail->inotify, trail->dir, DIR_EVENTS);
  if ((known != NULL && known->state == AAK_TRAIL_WAITING) || stat (trail->path, &st) < 0
      || (known != NULL && st.st_ino == known->ino && st.st_dev == known->dev))
    {
      trail->differs = 0;
      return;
    }
  gint64 now = g_get_monotonic_time ();
  if (trail->differs == 0)
    trail->differs = now;
  if (now - trail->differs < PATIENCE_US)
    return;
  trail->differs = 0;
  trail->missed++;
  if (known != NULL)
    unname (trail, known);
  add_entry (trail);
}

/* --- the interface --------------------------------------------------------------------------- */

gboolean
aak_source_trail_update (AakSourceTrail *trail)
{
  gboolean any = drain (trail);
  if (!any)
    look_at_path (trail);
  while (open_waiting (trail) > 0)
    {
      any = TRUE;
      drain (trail);
      confirm (trail);
    }
  give_up (trail);
  return any;
}

AakSourceTrail *
aak_source_trail_watch (const char *path, GError **error)
{
  g_autoptr (AakSourceTrail) trail = g_new0 (AakSourceTrail, 1);
  trail->path = g_strdup (path);
  trail->dir = g_path_get_dirname (path);
  trail->base = g_path_get_basename (path);
  trail->entries = g_ptr_array_new ();
  trail->inotify = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  trail->dir_watch =
      trail->inotify >= 0 ? inotify_add_watch (trail->inotify, trail->dir, DIR_EVENTS) : -1;
  if (trail->dir_watch >= 0)
    return g_steal_pointer (&trail);
  aak_error_set_errno (error, errno, "cannot watch %s", trail->dir);
  return NULL;
}

AakSourceTrail *
aak_source_trail_open (const char *path, GError **error)
{
  g_autoptr (AakSourceTrail) trail = aak_source_trail_watch (path, error);
  if (trail == NULL || !open_entry (trail, add_entry (trail), TRUE, error))
    return NULL;
  watch_entry (trail, entry_at (trail, 0));
  return g_steal_pointer (&trail);
}

void
aak_source_trail_expect (AakSourceTrail *trail)
{
  add_entry (trail);
}

void
aak_source_trail_adopt (AakSourceTrail *trail, const char *name, AakSourceGrowing *file)
{
  AakTrailEntry *entry = add_entry (trail);
  struct stat st;
  g_free (entry->name);
  entry->name = g_strdup (name);
  entry->file = file;
  if (fstat (aak_source_growing_fd (file), &st) == 0)
    {
      entry->dev = st.st_dev;
      entry->ino = st.st_ino;
    }
  if (strcmp (name, trail->base) != 0)
    entry->retired = g_get_monotonic_time ();
  watch_entry (trail, entry);
}

gboolean
aak_source_trail_forget_events (AakSourceTrail *trail)
{
  char buffer[16384];
  gboolean any = FALSE;
  ssize_t n;
  while ((n = read (trail->inotify, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    any |= n > 0;
  return any;
}

void
aak_source_trail_free (AakSourceTrail *trail)
{
  while (trail->entries->len > 0)
    aak_source_trail_drop (trail, trail->entries->len - 1);
  g_ptr_array_unref (trail->entries);
  aak_fd_clear (&trail->inotify);
  g_free (trail->path);
  g_free (trail->dir);
  g_free (trail->base);
  g_free (trail);
}
