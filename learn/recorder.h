/* SPDX-License-Identifier: GPL-2.0-or-later
 * The middle of a recording: records in, observations of the followed labels out, and everything
 * odd counted and named. */
#pragma once

#include "learn/attribution.h"
#include "learn/record-cache.h"
#include "learn/source.h"

/* How many odd records are named one by one; all are counted. */
#define AAK_RECORDER_MAX_NAMED 5

typedef struct
{
  AakAttribution *attribution; /* not owned */
  AakRecordCache *cache;
  guint64 events;                /* that went into observations */
  guint64 news;                  /* of them: new accesses */
  guint64 first_time, last_time; /* ms; of those events, 0 where there was none */
  GHashTable *unlearned;         /* operation -> number, of classes that are not learned yet */
  GPtrArray *odd;                /* char*: "POSITION: why", the first AAK_RECORDER_MAX_NAMED */
} AakRecorder;

AakRecorder *aak_recorder_new (AakAttribution *attribution);
void aak_recorder_free (AakRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRecorder, aak_recorder_free)

/* Takes records from @source until it has none now, or @max were taken. Returns the source's last
 * status (RECORD where @max was reached). */
AakSourceStatus aak_recorder_drain (AakRecorder *recorder, AakSource *source, guint max,
                                    GError **error);
