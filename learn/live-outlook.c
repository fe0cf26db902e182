/* SPDX-License-Identifier: GPL-2.0-or-later
 * Generalising and estimating now and then. */
#include "config.h"

#include "learn/live-outlook.h"

#include "learn/completeness.h"
#include "learn/generalise.h"

/* Of several labels the chance is that of an event of any. */
static void
look (AakLiveOutlook *outlook, GPtrArray *subjects)
{
  double events = 0, new_events = 0;
  outlook->rules = 0;
  for (guint i = 0; i < subjects->len; i++)
    {
      AakCompleteness said;
      g_autoptr (AakProfile) profile = aak_generalise (subjects->pdata[i], FALSE);
      outlook->rules += aak_profile_count_active (profile);
      aak_completeness_estimate (subjects->pdata[i], &said);
      events += (double) said.events;
      new_events += said.chance * (double) said.events;
    }
  outlook->chance = events >= AAK_COMPLETENESS_MIN_EVENTS ? new_events / events : -1;
}

void
aak_live_outlook_update (AakLiveOutlook *outlook, GPtrArray *subjects, gint64 now,
                         AakLiveFigures *figures)
{
  for (guint i = 0; i < subjects->len; i++)
    figures->accesses += aak_observations_count (subjects->pdata[i]);
  figures->label = subjects->len == 1 ? aak_observations_label (subjects->pdata[0]) : NULL;
  figures->labels = subjects->len;
  figures->rules = G_MAXUINT;
  figures->chance = -1;
  if (figures->accesses == 0 || figures->accesses > AAK_LIVE_OUTLOOK_MAX_ACCESSES)
    return;
  if (figures->events != outlook->events && now >= outlook->next)
    {
      gint64 begun = g_get_monotonic_time ();
      look (outlook, subjects);
      outlook->events = figures->events;
      outlook->next = now + (g_get_monotonic_time () - begun) * AAK_LIVE_OUTLOOK_SHARE;
    }
  figures->rules = outlook->rules;
  figures->chance = outlook->chance;
}
