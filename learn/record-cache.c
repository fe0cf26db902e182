/* SPDX-License-Identifier: GPL-2.0-or-later
 * A set-associative table of record bytes. */
#include "config.h"

#include "learn/record-cache.h"

#include "learn/cursor.h"
#include "learn/seccomp-record.h"

#include <string.h>

#define SETS      4096 /* a power of two */
#define WAYS      8
#define SLOTS     (SETS * WAYS)
#define MAX_BYTES 512 /* longer records are rare, and parsed every time */

#define LINE 64 /* bytes of a line of the processor's cache; a guess that is seldom wrong */

/* One such line. */
typedef struct
{
  guint64 hash;
  guint16 head_len;
  guint16 tail_len;
  guint generation;
  AakRecordMeaning meaning;
  guint count; /* of records that the observation does not know of yet, seen between: */
  guint64 first, last;
} Slot;

struct AakRecordCache
{
  guint32 tags[SLOTS]; /* bits of the hash, 0: empty; a set's are looked at together */
  char *bytes[SLOTS];  /* head and tail, NULL: empty */
  Slot slots[SLOTS];
  guint n_dirty;
  guint16 dirty[SLOTS]; /* every slot with a count, and some that were settled since */
};

G_STATIC_ASSERT (SLOTS <= G_MAXUINT16 + 1 && MAX_BYTES <= G_MAXUINT16);

AakRecordCache *
aak_record_cache_new (void)
{
  return g_new0 (AakRecordCache, 1);
}

void
aak_record_cache_free (AakRecordCache *cache)
{
  for (gsize i = 0; i < SLOTS; i++)
    g_free (cache->bytes[i]);
  g_free (cache);
}

/* --- keys ------------------------------------------------------------------------------------ */

static inline guint64
load (const char *at)
{
  guint64 word;
  memcpy (&word, at, sizeof word);
  return word;
}

static inline guint64
stir (guint64 hash, guint64 word)
{
  return ((hash << 5 | hash >> 59) ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
}

/* Sixteen bytes at a time, in two lanes. Who finds collisions gains but a slower run. */
static guint64
hash_span (guint64 hash, AakSpan span)
{
  guint64 lanes[2] = { hash, span.len };
  const char *at = span.data, *end = span.data + span.len;
  for (; end - at >= 16; at += 16)
    {
      lanes[0] = stir (lanes[0], load (at));
      lanes[1] = stir (lanes[1], load (at + 8));
    }
  if (end - at >= 8)
    {
      lanes[0] = stir (lanes[0], load (at));
      at += 8;
    }
  guint64 rest = 0;
  while (at < end)
    rest = rest << 8 | (guchar) *at++;
  lanes[1] = stir (lanes[1], rest);
  hash = stir (lanes[0], lanes[1]);
  return hash ^ hash >> 32;
}

/* The payload of an AVC record, "audit(...": what follows the type in a line of auditd's. */
static gboolean
find_payload (const AakSourceRecord *raw, AakCursor *out)
{
  *out = (AakCursor){ raw->data, raw->data + raw->len };
  return raw->type != 0 ? raw->type == 1400 : aak_cursor_skip_word (out, "type=AVC msg=");
}

/* The first " pid=" in the bytes, or NULL. Sixteen places are looked at together. */
static const char *
find_pid (const char *at, const char *end)
{
  typedef gint8 Places __attribute__ ((vector_size (16)));
  typedef gint64 Halves __attribute__ ((vector_size (16)));
  for (; end - at >= 16 + 4; at += 16)
    {
      Places blank, letter, equals;
      memcpy (&blank, at, sizeof blank);
      memcpy (&letter, at + 1, sizeof letter);
      memcpy (&equals, at + 4, sizeof equals);
      Halves hits = (Halves) ((blank == ' ') & (letter == 'p') & (equals == '='));
      if ((hits[0] | hits[1]) == 0)
        continue;
      for (gsize i = 0; i < 16; i++)
        if (memcmp (at + i, " pid=", 5) == 0)
          return at + i;
    }
  return memmem (at, (gsize) (end - at), " pid=", 5);
}

static gboolean
split_avc (const AakSourceRecord *raw, AakRecordKey *out)
{
  AakCursor cursor;
  guint64 serial;
  if (!find_payload (raw, &cursor) || cursor.end - cursor.at > MAX_BYTES
      || !aak_cursor_take_stamp (&cursor, &out->time, &serial))
    return FALSE;
  const char *start = cursor.at;
  const char *pid = find_pid (start, cursor.end);
  if (pid == NULL)
    return FALSE;
  cursor.at = pid += 5;
  if (aak_cursor_take_digits (&cursor).len == 0 || aak_cursor_at_end (&cursor) || *cursor.at != ' ')
    return FALSE;
  out->head = (AakSpan){ start, (gsize) (pid - start) };
  out->tail = (AakSpan){ cursor.at, (gsize) (cursor.end - cursor.at) };
  return TRUE;
}

gboolean
aak_record_key_parse (const AakSourceRecord *raw, AakRecordKey *out)
{
  if (!split_avc (raw, out)
      && (!aak_seccomp_key_parse (raw, out) || out->head.len + out->tail.len > MAX_BYTES))
    return FALSE;
  out->hash = hash_span (hash_span (0, out->head), out->tail);
  return TRUE;
}

/* --- the table ------------------------------------------------------------------------------- */

static gsize
first_slot (const AakRecordKey *key)
{
  return key->hash % SETS * WAYS;
}

static guint32
tag_of (const AakRecordKey *key)
{
  return (guint32) (key->hash >> 32) | 1;
}

static gboolean
slot_is (const AakRecordCache *cache, gsize at, const AakRecordKey *key)
{
  const Slot *slot = &cache->slots[at];
  return slot->hash == key->hash && slot->head_len == key->head.len
         && slot->tail_len == key->tail.len
         && memcmp (cache->bytes[at], key->head.data, key->head.len) == 0
         && memcmp (cache->bytes[at] + key->head.len, key->tail.data, key->tail.len) == 0;
}

/* The slot with the key's bytes, or NULL. */
static Slot *
find (AakRecordCache *cache, const AakRecordKey *key)
{
  gsize first = first_slot (key);
  guint32 tag = tag_of (key);
  for (gsize i = first; i < first + WAYS; i++)
    if (cache->tags[i] == tag && slot_is (cache, i, key))
      return &cache->slots[i];
  return NULL;
}

/* Where a key goes that is not there: an empty slot, or another's, which the hash chooses. */
static gsize
vacate (const AakRecordCache *cache, const AakRecordKey *key)
{
  gsize first = first_slot (key);
  for (gsize i = first; i < first + WAYS; i++)
    if (cache->tags[i] == 0)
      return i;
  return first + key->hash / SETS % WAYS;
}

void
aak_record_cache_expect (const AakRecordCache *cache, const AakRecordKey *key)
{
  __builtin_prefetch (&cache->tags[first_slot (key)]);
  __builtin_prefetch (&cache->bytes[first_slot (key)]);
}

void
aak_record_cache_fetch (const AakRecordCache *cache, const AakRecordKey *key)
{
  gsize first = first_slot (key);
  guint32 tag = tag_of (key);
  gboolean known = FALSE;
  for (gsize i = first; i < first + WAYS; i++)
    {
      if (cache->tags[i] != tag)
        continue;
      known = TRUE;
      __builtin_prefetch (&cache->slots[i], 1);
      for (gsize line = 0; line < key->head.len + key->tail.len; line += LINE)
        __builtin_prefetch (cache->bytes[i] + line);
    }
  if (!known)
    __builtin_prefetch (&cache->slots[vacate (cache, key)], 1);
}

static void
settle (Slot *slot)
{
  if (slot->count == 0)
    return;
  const AakRecordMeaning *meaning = &slot->meaning;
  AakSighting seen = { 0, slot->count, slot->first, slot->last };
  aak_observations_add_again (meaning->observations, meaning->observation, &seen, meaning->denied);
  slot->count = 0;
}

void
aak_record_cache_settle (AakRecordCache *cache)
{
  for (guint i = 0; i < cache->n_dirty; i++)
    settle (&cache->slots[cache->dirty[i]]);
  cache->n_dirty = 0;
}

/* Notes that @slot has a count from now on. A slot that was settled alone, because it was replaced,
 * may be noted twice. */
static void
mark_dirty (AakRecordCache *cache, const Slot *slot)
{
  if (cache->n_dirty == SLOTS)
    aak_record_cache_settle (cache);
  cache->dirty[cache->n_dirty++] = (guint16) (slot - cache->slots);
}

const AakRecordMeaning *
aak_record_cache_count (AakRecordCache *cache, const AakRecordKey *key, guint generation)
{
  Slot *slot = find (cache, key);
  if (slot == NULL || slot->generation != generation)
    return NULL;
  if (slot->meaning.observations == NULL)
    return &slot->meaning;
  if (slot->count == 0 || slot->count == G_MAXUINT)
    {
      settle (slot);
      mark_dirty (cache, slot);
      slot->first = slot->last = key->time;
    }
  slot->count++;
  slot->first = MIN (slot->first, key->time);
  slot->last = MAX (slot->last, key->time);
  return &slot->meaning;
}

void
aak_record_cache_put (AakRecordCache *cache, const AakRecordKey *key, guint generation,
                      const AakRecordMeaning *meaning)
{
  Slot *slot = find (cache, key); /* of an older generation */
  if (slot == NULL)
    slot = &cache->slots[vacate (cache, key)];
  gsize at = (gsize) (slot - cache->slots);
  settle (slot);
  g_free (cache->bytes[at]);
  cache->bytes[at] = g_malloc (key->head.len + key->tail.len);
  memcpy (cache->bytes[at], key->head.data, key->head.len);
  memcpy (cache->bytes[at] + key->head.len, key->tail.data, key->tail.len);
  cache->tags[at] = tag_of (key);
  slot->hash = key->hash;
  slot->head_len = (guint16) key->head.len;
  slot->tail_len = (guint16) key->tail.len;
  slot->generation = generation;
  slot->meaning = *meaning;
}
