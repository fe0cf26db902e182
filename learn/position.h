/* SPDX-License-Identifier: GPL-2.0-or-later
 * Up to where a recording counted what its source gave; kept in the state, so that one that was
 * killed goes on from there. */
#pragma once

#include "lib/yaml.h"

#include <glib.h>

/* Bounds of what a state may say. */
#define AAK_POSITION_MAX_FILES   64
#define AAK_POSITION_MAX_TEXT    4096
#define AAK_POSITION_MAX_MEMBERS 8
#define AAK_POSITION_MAX_AHEAD   4096

/* A log file. */
typedef struct
{
  guint64 device;
  guint64 inode;
  guint64 offset; /* of the first line that is not counted */
  char *digest;   /* of the bytes before it (learn/log-file.h); "" where they are gone */
} AakPositionFile;

/* Each source fills in what it needs, and knows it again. */
typedef struct
{
  char *path;       /* audit-log: the path that is followed */
  GPtrArray *files; /* audit-log: AakPositionFile*, those that are read, the oldest first */
  char *cursor;     /* journald: of the last entry */
  gboolean has_line;
  guint64 line; /* kmsg: number of the last one */
  gboolean has_stamp;
  guint64 time;   /* of the last audit record, ms since the epoch */
  guint64 serial; /* of it */
  gboolean has_lost;
  guint64 lost;       /* the kernel's counter of lost records */
  GPtrArray *members; /* of several sources at once: AakPosition*, in their order */
  guint64 seed;       /* of these: what `ahead` is made with */
  GArray *ahead;      /* of a member: records that it has still to give, and others have given
                         (guint64, learn/duplicates.h) */
} AakPosition;

AakPosition *aak_position_new (void);
void aak_position_free (AakPosition *position);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPosition, aak_position_free)

AakPosition *aak_position_copy (const AakPosition *position);

/* Adds a file; copies @digest. */
void aak_position_add_file (AakPosition *position, guint64 device, guint64 inode, guint64 offset,
                            const char *digest);

/* Writes it as a mapping on one line. */
void aak_position_write (const AakPosition *position, AakYamlWriter *yaml);

/* Reads what aak_position_write() wrote. INVALID with "NAME:LINE:COL: why" for anything else. */
AakPosition *aak_position_read (AakYamlNode node, GError **error) G_GNUC_WARN_UNUSED_RESULT;
