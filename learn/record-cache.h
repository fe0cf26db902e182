/* SPDX-License-Identifier: GPL-2.0-or-later
 * What equal records mean: an application does the same things over and over, and such records
 * differ only in their stamp and their pid. A record whose other bytes are all those of one that
 * was parsed before needs no parsing: equality is decided by the bytes, never by a hash alone. */
#pragma once

#include "learn/observations.h"
#include "learn/source.h"

/* A record without its stamp, its pid and its enrichment; points into the source's bytes. */
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

/* Splits @raw; FALSE where it is not of the one form that is remembered (an AVC record with a pid).
 */
gboolean aak_record_key_parse (const AakSourceRecord *raw, AakRecordKey *out);

/* What a record with just these bytes meant, or NULL. Meanings that were put under another
 * @generation (of the followed labels) are not found. Valid until the next put. */
const AakRecordMeaning *aak_record_cache_find (const AakRecordCache *cache, const AakRecordKey *key,
                                               guint generation);

/* Remembers it, in place of whatever was in its slot. Memory is bounded: 16 MiB. */
void aak_record_cache_put (AakRecordCache *cache, const AakRecordKey *key, guint generation,
                           const AakRecordMeaning *meaning);
