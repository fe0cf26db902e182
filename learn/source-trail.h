/* SPDX-License-Identifier: GPL-2.0-or-later
 * The files that stood at one path, one after the other, wherever rotation moved them. */
#pragma once

#include "learn/source-growing.h"

#include <sys/types.h>

typedef enum
{
  AAK_TRAIL_WAITING, /* to be opened */
  AAK_TRAIL_FRESH,   /* opened; whether it is the right file, the next events tell */
  AAK_TRAIL_SURE,
} AakTrailState;

typedef struct
{
  AakTrailState state;
  char *name;             /* in the directory now; NULL: it is in it no more */
  guint32 cookie;         /* of a rename whose second half has not come */
  gint64 since;           /* when it was noticed (monotonic, µs) */
  gint64 retired;         /* when it left the path; 0 while it stands there */
  AakSourceGrowing *file; /* unless WAITING */
  dev_t dev;
  ino_t ino;
  int watch;
} AakTrailEntry;

typedef struct
{
  char *path;
  char *dir;
  char *base;
  int inotify;
  int dir_watch;
  gint64 differs;     /* since when another file stands at the path than is known; 0: it does not */
  GPtrArray *entries; /* of AakTrailEntry, the oldest first */
  guint64 missed;     /* files, or changes, that came and went unseen */
} AakSourceTrail;

/* A trail without entries, that hears of what happens from now on. */
AakSourceTrail *aak_source_trail_watch (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What stands at the path is to be opened, and read from its beginning. */
void aak_source_trail_expect (AakSourceTrail *trail);

/* Adds @file, which it takes, as the newest; @name: in the directory. */
void aak_source_trail_adopt (AakSourceTrail *trail, const char *name, AakSourceGrowing *file);

/* Forgets what happened up to now; TRUE where anything did. */
gboolean aak_source_trail_forget_events (AakSourceTrail *trail);

/* Begins at the end of the file at @path, which must be there. */
AakSourceTrail *aak_source_trail_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins where a recording that was killed had counted everything; the files that came since are
 * read from their beginnings, wherever rotation moved them. Where a place is not there any more
 * (its file was deleted, compressed or cut back), *@out_gap says so, newly allocated, and what came
 * since is read as far as it is there. */
AakSourceTrail *aak_source_trail_resume (const char *path, const AakPosition *from, char **out_gap,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes in what happened; entries stay in their order and new ones come last. TRUE where something
 * did happen, so that reading on may give more. */
gboolean aak_source_trail_update (AakSourceTrail *trail);

/* Forgets the entry at @index. */
void aak_source_trail_drop (AakSourceTrail *trail, guint index);

void aak_source_trail_free (AakSourceTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSourceTrail, aak_source_trail_free)
