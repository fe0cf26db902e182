/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a running recording comes to: its rules, and the chance of something new. Both take time to
 * tell, so that it is done seldom, and not at all where there is much. */
#pragma once

#include "learn/live-block.h"

#define AAK_LIVE_OUTLOOK_MAX_ACCESSES 5000
#define AAK_LIVE_OUTLOOK_SHARE        50 /* it takes one part in so many of the time */

typedef struct
{
  guint64 events; /* that were counted in; begins as 0 */
  guint rules;
  double chance;
  gint64 next; /* not before then, µs */
} AakLiveOutlook;

/* Sets the labels, the accesses, the rules and the chance of @figures, whose events are set, from
 * what @subjects (AakObservations*) were seen to do up to @now (monotonic, µs). Rules and chance
 * may be those of a moment ago. */
void aak_live_outlook_update (AakLiveOutlook *outlook, GPtrArray *subjects, gint64 now,
                              AakLiveFigures *figures);
