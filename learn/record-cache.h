/* SPDX-License-Identifier: GPL-2.0-or-later
 * What equal records mean: an application does the same things over and over, and such records
 * differ only in their stamp and their pid. A record whose other bytes are all those of one that
 * was parsed before needs no parsing: equality is decided by the bytes, never by a hash alone. */
#pragma once

#include "learn/observations.h"
#include "learn/source.h"

/* A record without its stamp and its pid; points into the source's bytes. */
typedef struct
{
  guint64 time; /* ms since the epoch */
  AakSpan head; /* up to and with " pid=" */
  AakSpan tail; /* after the pid */
  guint64 hash;
} AakRecordKey;

/* What became of such a record. */
typedef struct
{
  AakObservations *observations; /* NULL: nobody's that is followed */
  AakObservation *observation;
  gboolean denied;
} AakRecordMeaning;

typedef struct AakRecordCache AakRecordCache;

AakRecordCache *aak_record_cache_new (void);
void aak_record_cache_free (AakRecordCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRecordCache, aak_record_cache_free)

/* Splits @raw; FALSE where it is not of the form that is remembered, an AVC record with a pid, or
 * one of seccomp's that tells of a call that was let through. */
gboolean aak_record_key_parse (const AakSourceRecord *raw, AakRecordKey *out);

/* Two steps that fetch what count() will look at into the processor's caches, each some time before
 * what follows it: of many keys first one step, then the other. */
void aak_record_cache_expect (const AakRecordCache *cache, const AakRecordKey *key);
void aak_record_cache_fetch (const AakRecordCache *cache, const AakRecordKey *key);

/* Counts one more record with these bytes. Returns what it means, or NULL where that is not known:
 * meanings that were put under another @generation (of the followed labels) are not found. Valid
 * until the next put. The observation learns of it when the cache is settled. */
const AakRecordMeaning *aak_record_cache_count (AakRecordCache *cache, const AakRecordKey *key,
                                                guint generation);

/* Remembers it, in place of another where there is no room. Memory is bounded: 20 MiB. */
void aak_record_cache_put (AakRecordCache *cache, const AakRecordKey *key, guint generation,
                           const AakRecordMeaning *meaning);

/* Adds what was counted to the observations, run 0. To be called before anyone reads or frees them;
 * costs in proportion to the number of meanings that were counted since the last time. */
void aak_record_cache_settle (AakRecordCache *cache);
