/* SPDX-License-Identifier: GPL-2.0-or-later
 * What identifies a recording: the node, its boot, and when it began; so that a run counts once
 * wherever its states meet. */
#pragma once

#include "learn/recorder.h"

typedef struct
{
  char *node;
  char *boot;
  guint64 start; /* ms since the epoch; 0: the records of a log decide it */
} AakRunStamp;

/* Reads the node's name and boot id below @root. @start: see above. */
void aak_run_stamp_init (AakRunStamp *stamp, const char *root, guint64 start);
void aak_run_stamp_clear (AakRunStamp *stamp);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakRunStamp, aak_run_stamp_clear)

/* Writes the stamp, and the account of @source, into the run of every followed label, and, unless
 * the recording is @ended, the source's position. The same log gives the same id. */
void aak_run_stamp_apply (const AakRunStamp *stamp, AakRecorder *recorder, AakSource *source,
                          gboolean ended);
