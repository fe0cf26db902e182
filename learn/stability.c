/* SPDX-License-Identifier: GPL-2.0-or-later
 * The time without news. */
#include "config.h"

#include "learn/stability.h"

#include "learn/show-part.h"
#include "lib/amount.h"
#include "lib/count.h"

void
aak_stability_note (AakStability *stability, guint64 news, guint64 events, gint64 now)
{
  if (stability->since != 0 && news == stability->news)
    return;
  stability->since = now;
  stability->news = news;
  stability->events = events;
}

gboolean
aak_stability_is_reached (const AakStability *stability, guint64 seconds, gint64 now)
{
  return seconds > 0 && stability->news > 0
         && now - stability->since >= (gint64) seconds * G_USEC_PER_SEC;
}

char *
aak_stability_explain (const AakStability *stability, guint64 seconds, guint64 events, gint64 now,
                       gboolean *out_warning)
{
  guint64 later = events - MIN (events, stability->events);
  g_autofree char *quiet = aak_amount_duration ((guint64) (now - stability->since) / 1000);
  g_autofree char *wanted = aak_amount_duration (seconds * 1000);
  g_autofree char *count = aak_count (later, "event");
  *out_warning = TRUE;
  if (!aak_stability_is_reached (stability, seconds, now))
    return g_strdup_printf ("ended before nothing new came for %s: the last news is %s old", wanted,
                            quiet);
  if (later == 0)
    return g_strdup_printf ("ended: nothing new came for %s, but no event at all came in that "
                            "time: the pod was idle, which does not tell that all was seen",
                            quiet);
  *out_warning = FALSE;
  return g_strdup_printf ("ended: nothing new came for %s, in %s", quiet, count);
}
