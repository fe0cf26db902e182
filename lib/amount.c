/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How amounts are written for people. */
#include "config.h"

#include "lib/amount.h"

char *
aak_amount_time (guint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc ((gint64) (ms / 1000));
  char *text = time != NULL ? g_date_time_format (time, "%FT%TZ") : NULL;
  return text != NULL ? text : g_strdup ("?");
}

char *
aak_amount_duration (guint64 ms)
{
  guint64 seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  if (minutes == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " s", seconds);
  if (hours == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " min", minutes);
  if (days == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " h %" G_GUINT64_FORMAT " min", hours,
                            minutes % 60);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT " h", days, hours % 24);
}

char *
aak_amount_percent (double share)
{
  double percent = share * 100;
  if (percent > 0 && percent < 0.0001)
    return g_strdup ("less than 0.0001 %");
  int digits = percent <= 0 || percent >= 1 ? 1 : percent >= 0.1 ? 2 : percent >= 0.01 ? 3 : 4;
  return g_strdup_printf ("%.*f %%", digits, percent);
}
