/* SPDX-License-Identifier: GPL-2.0-or-later
 * Whose an event is: by the label that the kernel wrote, never by pid, so that short-lived
 * processes lose nothing. */
#pragma once

#include "learn/event.h"
#include "learn/observations.h"

/* How many labels one recording follows, and how many others it remembers by name. */
#define AAK_ATTRIBUTION_MAX_LABELS 256
#define AAK_ATTRIBUTION_MAX_OTHERS 32

typedef struct AakAttribution AakAttribution;

AakAttribution *aak_attribution_new (void);
void aak_attribution_free (AakAttribution *attribution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakAttribution, aak_attribution_free)

/* One that follows the same labels and patterns, and has seen nothing yet. */
AakAttribution *aak_attribution_new_like (const AakAttribution *attribution);

/* Follows @label. INVALID where it cannot name a profile and its file. Following it twice is no
 * error. */
gboolean aak_attribution_follow (AakAttribution *attribution, const char *label,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Follows every label that matches the fnmatch() pattern @glob, as it appears. */
void aak_attribution_follow_glob (AakAttribution *attribution, const char *glob);

/* From now on tells what children of followed labels do from what the labels do themselves
 * (aak_observations_follow_children()). */
void aak_attribution_follow_children (AakAttribution *attribution);
gboolean aak_attribution_follows_children (const AakAttribution *attribution);

/* From now on keeps the addresses of what followed labels use of internet sockets
 * (aak_observations_keep_addresses()). */
void aak_attribution_keep_addresses (AakAttribution *attribution);

/* The observations that @event goes into, or NULL: somebody else's, or no access. Each holds one
 * run (index 0). */
AakObservations *aak_attribution_find (AakAttribution *attribution, const AakEvent *event);
/* The observations of a followed label, or NULL. */
AakObservations *aak_attribution_get (AakAttribution *attribution, const char *label);

/* Changes whenever one more label is followed. */
guint aak_attribution_generation (const AakAttribution *attribution);

/* All followed labels' observations (AakObservations*), sorted by label. The caller frees the array
 * only. */
GPtrArray *aak_attribution_subjects (AakAttribution *attribution);

/* Labels that had events and were not followed, sorted (char*; owned by the attribution); of more
 * than AAK_ATTRIBUTION_MAX_OTHERS the first in that order. The caller frees the array only. */
GPtrArray *aak_attribution_others (AakAttribution *attribution);

/* Adds what another part of the same recording saw, and empties @from, which follows alike. FALSE
 * where a bound was met, now or before: then what was kept depended on the order of the records. */
gboolean aak_attribution_absorb (AakAttribution *attribution, AakAttribution *from);
