/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finds the place of a killed recording again, and what was written since: the file of the place by
 * the bytes before it, in the file itself or in a copy that somebody made before cutting it back;
 * the files that came after it by the records that they begin with. */
#include "config.h"

#include "learn/source-trail.h"

#include "learn/log-file.h"
#include "lib/fd.h"

#include <string.h>

#define TRIES      50 /* for a listing during which nothing was renamed */
#define CONVINCING 64 /* bytes that no two logs have in common by chance */
#define RECENT_MS  1000

typedef struct
{
  AakSourceTrail *trail;
  const AakPosition *from;
  GPtrArray *files; /* AakLogFile* */
  GString *gap;
} Resume;

/* The files as they are called now. While they are listed, none is renamed: events that came
 * meanwhile would be about other names. */
static GPtrArray *
list_files (AakSourceTrail *trail)
{
  GPtrArray *files = NULL;
  for (guint i = 0; i < TRIES; i++)
    {
      g_clear_pointer (&files, g_ptr_array_unref);
      aak_source_trail_forget_events (trail);
      files = aak_log_file_list (trail->dir, trail->base);
      if (!aak_source_trail_forget_events (trail))
        return files;
    }
  trail->missed++;
  return files;
}

static gboolean
holds (const AakLogFile *file, const AakPositionFile *place)
{
  if (*place->digest == '\0')
    return FALSE;
  g_autofree char *digest = aak_log_file_digest (file->fd, place->offset, NULL, NULL);
  return strcmp (digest, place->digest) == 0;
}

/* The file of @place, else a copy of it, or NULL. */
static AakLogFile *
find_place (const Resume *resume, const AakPositionFile *place)
{
  AakLogFile *copy = NULL;
  for (guint i = 0; i < resume->files->len; i++)
    {
      AakLogFile *file = g_ptr_array_index (resume->files, i);
      gboolean same = file->device == place->device && file->inode == place->inode;
      if (file->fd < 0 || (!same && place->offset < CONVINCING) || !holds (file, place))
        continue;
      if (same)
        return file;
      copy = file;
    }
  return copy;
}

/* Takes over @file from @offset on. */
static gboolean
adopt (Resume *resume, AakLogFile *file, guint64 offset, GError **error)
{
  AakSourceGrowing *growing = aak_source_growing_new_at (aak_fd_steal (&file->fd), offset, error);
  if (growing == NULL)
    return FALSE;
  aak_source_trail_adopt (resume->trail, file->name, growing);
  return TRUE;
}

/* Takes over the places; *@out_first is the file of the oldest that is found, or NULL. */
static gboolean
adopt_places (Resume *resume, const AakLogFile **out_first, GError **error)
{
  *out_first = NULL;
  for (guint i = 0; i < resume->from->files->len; i++)
    {
      const AakPositionFile *place = g_ptr_array_index (resume->from->files, i);
      AakLogFile *file = find_place (resume, place);
      if (file == NULL)
        {
          g_string_assign (resume->gap, "the log that it had read was deleted, compressed or cut "
                                        "back since");
          continue;
        }
      if (!adopt (resume, file, place->offset, error))
        return FALSE;
      *out_first = *out_first != NULL ? *out_first : file;
    }
  return TRUE;
}

/* Whether @file came after the place: after the file of it, @first, or, where that is gone, after
 * its last record; a file may begin a little earlier than that, records being late at times. */
static gboolean
is_newer (const Resume *resume, const AakLogFile *file, const AakLogFile *first)
{
  if (file->fd < 0)
    return FALSE;
  if (first != NULL)
    return aak_log_file_is_older (first, file);
  return resume->from->has_stamp && file->time >= resume->from->time - RECENT_MS;
}

static gboolean
adopt_newer (Resume *resume, const AakLogFile *first, GError **error)
{
  for (guint i = 0; i < resume->files->len; i++)
    {
      AakLogFile *file = g_ptr_array_index (resume->files, i);
      if (is_newer (resume, file, first) && !adopt (resume, file, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_path (const AakSourceTrail *trail)
{
  for (guint i = 0; i < trail->entries->len; i++)
    if (strcmp (((AakTrailEntry *) g_ptr_array_index (trail->entries, i))->name, trail->base) == 0)
      return TRUE;
  return FALSE;
}

/* Something stands at the path, or will. What is there and is neither the file of the place nor
 * newer may hold what was counted: only what is written to it from now on counts. */
static gboolean
adopt_path (Resume *resume, GError **error)
{
  AakSourceTrail *trail = resume->trail;
  if (has_path (trail))
    return TRUE;
  for (guint i = 0; i < resume->files->len; i++)
    {
      AakLogFile *file = g_ptr_array_index (resume->files, i);
      if (strcmp (file->name, trail->base) != 0 || file->fd < 0)
        continue;
      g_string_assign (resume->gap, "the log is not the one that it had read, nor a later one");
      AakSourceGrowing *growing = aak_source_growing_new (aak_fd_steal (&file->fd), TRUE, error);
      if (growing != NULL)
        aak_source_trail_adopt (trail, file->name, growing);
      return growing != NULL;
    }
  aak_source_trail_expect (trail);
  return TRUE;
}

AakSourceTrail *
aak_source_trail_resume (const char *path, const AakPosition *from, char **out_gap, GError **error)
{
  g_autoptr (AakSourceTrail) trail = aak_source_trail_watch (path, error);
  if (trail == NULL)
    return NULL;
  g_autoptr (GPtrArray) files = list_files (trail);
  g_autoptr (GString) gap = g_string_new (NULL);
  Resume resume = { trail, from, files, gap };
  const AakLogFile *first = NULL;
  if (!adopt_places (&resume, &first, error) || !adopt_newer (&resume, first, error)
      || !adopt_path (&resume, error))
    return NULL;
  *out_gap = gap->len > 0 ? g_strdup (gap->str) : NULL;
  return g_steal_pointer (&trail);
}
