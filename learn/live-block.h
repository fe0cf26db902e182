/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a recording shows while it runs: a block of lines on a terminal, elsewhere a line now and
 * then when something new came. Clocks are passed in (monotonic, µs). */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* How often it is drawn at most, on a terminal and elsewhere. */
#define AAK_LIVE_BLOCK_US (G_USEC_PER_SEC / 10)
#define AAK_LIVE_PLAIN_US (10 * G_USEC_PER_SEC)
#define AAK_LIVE_NAMED    5 /* of the last new accesses */

typedef struct
{
  const char *label; /* what is recorded, any bytes; NULL where there are none or several */
  guint labels;
  guint64 events;
  guint64 lost;
  gboolean blind; /* how many were lost is not known */
  guint accesses;
  guint rules;       /* G_MAXUINT: not known */
  double chance;     /* that the next event is new, 0 to 1; negative: not known */
  guint64 stable_us; /* of the time without news that ends the recording; 0: it does not */
} AakLiveFigures;

typedef struct AakLiveBlock AakLiveBlock;

/* @now: when the recording began. */
AakLiveBlock *aak_live_block_new (gint64 now);
void aak_live_block_free (AakLiveBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLiveBlock, aak_live_block_free)

/* Notes that @access is new, or has a new permission. */
void aak_live_block_add (AakLiveBlock *block, const AakObservation *access, gint64 now);
/* How many were noted in the minute before @now. */
guint aak_live_block_count_last_minute (const AakLiveBlock *block, gint64 now);

/* Whether something is to be shown at @now, of so many @events. */
gboolean aak_live_block_is_due (const AakLiveBlock *block, const AakCli *cli, guint64 events,
                                gint64 now);
/* In how many ms at most to ask again, where @patience would do otherwise. */
int aak_live_block_patience (const AakLiveBlock *block, const AakCli *cli, guint64 events,
                             gint64 now, int patience);

/* Shows it, on whatever stderr is. */
void aak_live_block_draw (AakLiveBlock *block, AakCli *cli, const AakLiveFigures *figures,
                          gint64 now);

/* What is shown on a terminal of so many @columns, lines with a newline each, and elsewhere, one
 * line without; printable ASCII. Newly allocated. */
char *aak_live_block_to_lines (const AakLiveBlock *block, const AakLiveFigures *figures,
                               guint columns, gint64 now);
char *aak_live_block_to_line (const AakLiveBlock *block, const AakLiveFigures *figures, gint64 now);
