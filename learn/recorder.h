/* SPDX-License-Identifier: GPL-2.0-or-later
 * The middle of a recording: records in, observations of the followed labels out, and everything
 * odd counted and named. */
#pragma once

#include "learn/attribution.h"
#include "learn/record-cache.h"
#include "learn/source.h"

/* Told of an access that is new, or has a new permission. */
typedef void (*AakRecorderNews) (const AakObservation *access, gpointer user_data);

/* How many odd records are named one by one; all are counted. */
#define AAK_RECORDER_MAX_NAMED 5
#define AAK_RECORDER_BATCH     32

typedef struct
{
  AakAttribution *attribution;   /* not owned */
  AakRecordCache *cache;         /* NULL once no record is to come any more */
  guint64 events;                /* that went into observations */
  guint64 news;                  /* of them: new accesses */
  guint64 first_time, last_time; /* ms; of those events, 0 where there was none */
  guint64 malformed, unproven;   /* as in AakAccount */
  gboolean dbus;                 /* take what the D-Bus daemon, which runs as bus_uid, decided */
  guint64 bus_uid;
  guint64 foreign;         /* D-Bus records that somebody else sent: not taken */
  GHashTable *unlearned;   /* operation -> number, of what no rule can be made of */
  AakRecorderNews on_news; /* NULL: nobody is told */
  gpointer news_data;
  const char *ended; /* why the recording ended: "input", "signal", "time" or "stable"; static */
  GPtrArray *odd;    /* char*: "POSITION: why", the first AAK_RECORDER_MAX_NAMED */
} AakRecorder;

AakRecorder *aak_recorder_new (AakAttribution *attribution);
/* One with @attribution that takes what @recorder takes. */
AakRecorder *aak_recorder_new_like (const AakRecorder *recorder, AakAttribution *attribution);
void aak_recorder_free (AakRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRecorder, aak_recorder_free)

/* Takes one record. Returns NULL, or what is odd about it (static text). The observations learn of
 * it when the recorder is settled. */
const char *aak_recorder_take (AakRecorder *recorder, const AakSourceRecord *raw);
/* The same for @count records at once, at most AAK_RECORDER_BATCH, which is faster; @out_odd gets
 * as many answers. */
void aak_recorder_take_batch (AakRecorder *recorder, const AakSourceRecord *raw, guint count,
                              const char **out_odd);
void aak_recorder_settle (AakRecorder *recorder);

/* Takes records from @source until it has none now, or @max were taken, settles, and brings the
 * source's account up to date. Returns the source's last status (RECORD where @max was reached). */
AakSourceStatus aak_recorder_drain (AakRecorder *recorder, AakSource *source, guint max,
                                    GError **error);

/* Adds what @from counted and its attribution saw in another part of the same input, but for its
 * odd records; both are settled. FALSE where a bound was met: then the sum depends on the order of
 * the records, and only one recorder that takes them all has it right. */
gboolean aak_recorder_absorb (AakRecorder *recorder, AakRecorder *from);

/* Names a record that take() found odd, while not too many are named. */
void aak_recorder_name_odd (AakRecorder *recorder, const char *position, const char *why);
