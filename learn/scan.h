/* SPDX-License-Identifier: GPL-2.0-or-later
 * Learns from a source that gives blocks, to its end, on several processors. What comes of it is
 * the same, whatever their number. */
#pragma once

#include "learn/recorder.h"

typedef struct AakScan AakScan;

/* Begins to learn @source into @recorder, on @workers threads, or on one where the source can be
 * read only once. Neither may be used by the caller before aak_scan_finish(). NULL with an error
 * where the system has no descriptor left. */
AakScan *aak_scan_start (AakRecorder *recorder, AakSource *source, guint workers,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A descriptor to poll: readable once all is read. */
int aak_scan_fd (const AakScan *scan);

/* The number of events up to now. */
guint64 aak_scan_events (const AakScan *scan);

/* Ends it early: what was read by now is what is learned. */
void aak_scan_stop (AakScan *scan);

/* Waits for its end, and settles the recorder and the source's account; to be called once. Returns
 * why files could not be read to their end, with the places (GError*; owned by the array, which the
 * caller frees): what came before those is learned, and what is in the files after them. */
GPtrArray *aak_scan_finish (AakScan *scan);

void aak_scan_free (AakScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakScan, aak_scan_free)
