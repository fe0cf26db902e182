/* SPDX-License-Identifier: GPL-2.0-or-later
 * A share of the time for looks, and a number of repairs for a minute. */
#include "config.h"

#include "register/pace.h"

/* Somebody who changes many profiles is let finish with them, but no longer. */
#define SOON_US (20 * 1000)
/* The time after a look in which there is no other one, in times that it took: within a second a
 * drift shall be put right. */
#define PAUSE_TIMES 4
#define MAX_PAUSE   (G_USEC_PER_SEC / 2)
/* Somebody who undoes more repairs than that in a minute is answered after a longer pause. */
#define MANY_REPAIRS 30
#define LONG_PAUSE   (2 * G_USEC_PER_SEC)
#define MINUTE       (60 * G_USEC_PER_SEC)

guint
aak_pace_wait (const AakPace *pace, gint64 now)
{
  return (guint) (CLAMP (pace->next - now, SOON_US, LONG_PAUSE) / 1000);
}

void
aak_pace_note (AakPace *pace, gint64 begun, gint64 ended, gboolean repaired)
{
  if (begun - pace->minute > MINUTE)
    {
      pace->minute = begun;
      pace->repairs = 0;
    }
  pace->repairs += repaired;
  pace->next = ended
               + (pace->repairs > MANY_REPAIRS ? LONG_PAUSE
                                               : MIN (PAUSE_TIMES * (ended - begun), MAX_PAUSE));
}
