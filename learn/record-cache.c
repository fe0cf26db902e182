/* SPDX-License-Identifier: GPL-2.0-or-later
 * A direct-mapped table of record bytes. */
#include "config.h"

#include "learn/record-cache.h"

#include <string.h>

#define SLOTS     32768 /* a power of two */
#define MAX_BYTES 512   /* longer records are rare, and parsed every time */

typedef struct
{
  guint64 hash;
  char *bytes; /* head and tail, NULL: empty */
  guint32 head_len;
  guint32 tail_len;
  guint generation;
  AakRecordMeaning meaning;
} Slot;

struct AakRecordCache
{
  Slot slots[SLOTS];
};

AakRecordCache *
aak_record_cache_new (void)
{
  return g_new0 (AakRecordCache, 1);
}

void
aak_record_cache_free (AakRecordCache *cache)
{
  for (gsize i = 0; i < SLOTS; i++)
    g_free (cache->slots[i].bytes);
  g_free (cache);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* Eight bytes at a time; whoever finds collisions gains nothing but a slower run. */
static guint64
hash_span (guint64 hash, AakSpan span)
{
  const guint64 multiplier = 0x9e3779b97f4a7c15u;
  while (span.len >= 8)
    {
      guint64 word;
      memcpy (&word, span.data, 8);
      hash = (hash ^ word) * multiplier;
      hash ^= hash >> 29;
      span = (AakSpan){ span.data + 8, span.len - 8 };
    }
  guint64 rest = span.len;
  for (gsize i = 0; i < span.len; i++)
    rest = rest << 8 | (guchar) span.data[i];
  hash = (hash ^ rest) * multiplier;
  return hash ^ hash >> 32;
}

/* The record's payload, "audit(...": what follows the type in a line of auditd's. */
static gboolean
find_payload (const AakSourceRecord *raw, AakSpan *out)
{
  static const char prefix[] = "type=AVC msg=";
  gsize skip = raw->type == 0 ? sizeof prefix - 1 : 0;
  if (raw->type != 0 ? raw->type != 1400 : raw->len < skip || memcmp (raw->data, prefix, skip) != 0)
    return FALSE;
  *out = (AakSpan){ raw->data + skip, raw->len - skip };
  const char *enrichment = memchr (out->data, 0x1d, out->len);
  if (enrichment != NULL)
    out->len = (gsize) (enrichment - out->data);
  while (out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
    out->len--;
  return TRUE;
}

gboolean
aak_record_key_parse (const AakSourceRecord *raw, AakRecordKey *out)
{
  AakSpan payload;
  guint64 serial;
  if (!find_payload (raw, &payload) || payload.len > MAX_BYTES
      || !aak_record_parse_stamp (payload.data, payload.len, &out->time, &serial))
    return FALSE;
  const char *end = payload.data + payload.len;
  const char *start = (const char *) memchr (payload.data, ')', payload.len) + 1;
  const char *pid = memmem (start, (gsize) (end - start), " pid=", 5);
  if (pid == NULL)
    return FALSE;
  pid += 5;
  const char *after = pid;
  while (after < end && g_ascii_isdigit (*after))
    after++;
  if (after == pid || after == end || *after != ' ')
    return FALSE;
  out->head = (AakSpan){ start, (gsize) (pid - start) };
  out->tail = (AakSpan){ after, (gsize) (end - after) };
  out->hash = hash_span (hash_span (out->head.len, out->head), out->tail);
  return TRUE;
}

/* --- the table ------------------------------------------------------------------------------- */

const AakRecordMeaning *
aak_record_cache_find (const AakRecordCache *cache, const AakRecordKey *key, guint generation)
{
  const Slot *slot = &cache->slots[key->hash % SLOTS];
  if (slot->bytes == NULL || slot->hash != key->hash || slot->generation != generation
      || slot->head_len != key->head.len || slot->tail_len != key->tail.len
      || memcmp (slot->bytes, key->head.data, key->head.len) != 0
      || memcmp (slot->bytes + key->head.len, key->tail.data, key->tail.len) != 0)
    return NULL;
  return &slot->meaning;
}

void
aak_record_cache_put (AakRecordCache *cache, const AakRecordKey *key, guint generation,
                      const AakRecordMeaning *meaning)
{
  Slot *slot = &cache->slots[key->hash % SLOTS];
  g_free (slot->bytes);
  slot->bytes = g_malloc (key->head.len + key->tail.len);
  memcpy (slot->bytes, key->head.data, key->head.len);
  memcpy (slot->bytes + key->head.len, key->tail.data, key->tail.len);
  slot->hash = key->hash;
  slot->head_len = (guint32) key->head.len;
  slot->tail_len = (guint32) key->tail.len;
  slot->generation = generation;
  slot->meaning = *meaning;
}
