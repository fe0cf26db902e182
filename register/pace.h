/* SPDX-License-Identifier: GPL-2.0-or-later
 * How soon the kernel is looked at once its policy has changed: at once, but neither all the time
 * nor, where somebody undoes each repair, for ever. No clock in here: times are monotonic, in
 * microseconds. */
#pragma once

#include <glib.h>

/* Zeroed: nothing was looked at yet. */
typedef struct
{
  gint64 next;   /* no look before that */
  gint64 minute; /* when the minute began in which: */
  guint repairs; /* were so many */
} AakPace;

/* How long to wait with a look at a change that was told at @now, in milliseconds. */
guint aak_pace_wait (const AakPace *pace, gint64 now);

/* Notes a look that lasted from @begun to @ended, and whether anything had to be put right. */
void aak_pace_note (AakPace *pace, gint64 begun, gint64 ended, gboolean repaired);
