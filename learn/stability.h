/* SPDX-License-Identifier: GPL-2.0-or-later
 * How long nothing new came: when a recording may end by itself. Pure; times are passed in. */
#pragma once

#include <glib.h>

typedef struct
{
  gint64 since;   /* when the last news came, or the recording began; monotonic, µs */
  guint64 news;   /* how many there were then */
  guint64 events; /* the same */
} AakStability;

/* Notes at @now that there were so many @news and @events since the recording began. */
void aak_stability_note (AakStability *stability, guint64 news, guint64 events, gint64 now);

/* TRUE where something was seen, and nothing new for @seconds. */
gboolean aak_stability_is_reached (const AakStability *stability, guint64 seconds, gint64 now);

/* What to tell at the end, where the recording was to last until nothing new came for @seconds:
 * whether that came true, and in how many events. *@out_warning: it means little. Newly allocated.
 */
char *aak_stability_explain (const AakStability *stability, guint64 seconds, guint64 events,
                             gint64 now, gboolean *out_warning);
