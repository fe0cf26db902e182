/* SPDX-License-Identifier: GPL-2.0-or-later
 * A hash table of what each source gave, in two generations: when the younger is full, the older
 * is forgotten and the younger takes its place. */
#include "config.h"

#include "learn/duplicates.h"

#include "learn/cursor.h"
#include "learn/record-prefix.h"

#include <string.h>

#define GENERATION (1u << 20) /* records; the table is twice as large */
#define FIRST_SIZE 1024
#define TEXT_MAX   768

typedef struct
{
  guint64 key;                              /* 0: empty */
  guint8 given[AAK_DUPLICATES_SOURCES + 1]; /* the last: by one that was before */
} Entry;

typedef struct
{
  Entry *entries;
  gsize size; /* a power of two */
  gsize used;
} Table;

struct AakDuplicates
{
  guint64 seed; /* so that nobody can make records that are taken for one another */
  Table young;
  Table old;
};

/* --- keys ------------------------------------------------------------------------------------ */

static guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ hash >> 32;
}

/* The byte at *@at, which may be written as \xHH; moves past it. */
static guchar
next_byte (const char **at, const char *end, gboolean escaped)
{
  const char *p = *at;
  if (escaped && end - p >= 4 && p[0] == '\\' && p[1] == 'x' && g_ascii_isxdigit (p[2])
      && g_ascii_isxdigit (p[3]))
    {
      *at += 4;
      return (guchar) (g_ascii_xdigit_value (p[2]) << 4 | g_ascii_xdigit_value (p[3]));
    }
  (*at)++;
  return (guchar) *p;
}

static guint64
hash_text (guint64 hash, AakSpan text, gboolean escaped)
{
  const char *at = text.data, *end = text.data + text.len;
  while (end > at && (g_ascii_isspace (end[-1]) || end[-1] == '\0'))
    end--;
  while (at < end && *at == ' ')
    at++;
  guint64 word = 0;
  for (guint n = 0; at < end && n < TEXT_MAX; n++)
    {
      word = word << 8 | next_byte (&at, end, escaped);
      if (n % 8 == 7)
        hash = mix (hash, word);
    }
  return mix (hash, word);
}

/* FALSE for what is no record of AppArmor's. */
static gboolean
find_payload (const AakSourceRecord *raw, AakRecordPrefix *out)
{
  if (raw->type == 0)
    return aak_record_prefix_parse (raw->data, raw->len, out) == AAK_RECORD_APPARMOR;
  *out = (AakRecordPrefix){ .type = raw->type, .payload = { raw->data, raw->len } };
  return aak_record_is_known_type (raw->type);
}

/* 0 for what is no record. */
static guint64
make_key (const AakDuplicates *duplicates, const AakSourceRecord *raw)
{
  AakRecordPrefix prefix;
  guint64 time, serial;
  if (!find_payload (raw, &prefix))
    return 0;
  AakCursor cursor = { prefix.payload.data, prefix.payload.data + prefix.payload.len };
  if (!aak_cursor_take_stamp (&cursor, &time, &serial))
    return 0;
  guint64 hash = mix (mix (mix (duplicates->seed, time), serial), prefix.type);
  hash = hash_text (hash, (AakSpan){ cursor.at, (gsize) (cursor.end - cursor.at) }, prefix.escaped);
  return MAX (hash, 1);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void
table_init (Table *table, gsize size)
{
  *table = (Table){ g_new0 (Entry, size), size, 0 };
}

static Entry *
table_slot (const Table *table, guint64 key)
{
  gsize at = key & (table->size - 1);
  while (table->entries[at].key != 0 && table->entries[at].key != key)
    at = (at + 1) & (table->size - 1);
  return &table->entries[at];
}

static void
table_grow (Table *table)
{
  Table larger;
  table_init (&larger, table->size * 2);
  for (gsize i = 0; i < table->size; i++)
    if (table->entries[i].key != 0)
      *table_slot (&larger, table->entries[i].key) = table->entries[i];
  larger.used = table->used;
  g_free (table->entries);
  *table = larger;
}

/* What is known of @key; made where that is nothing. */
static Entry *
remember (AakDuplicates *duplicates, guint64 key)
{
  Table *young = &duplicates->young;
  Entry *entry = table_slot (&duplicates->old, key);
  if (entry->key == key)
    return entry;
  entry = table_slot (young, key);
  if (entry->key == key)
    return entry;
  if (young->used == GENERATION)
    {
      g_free (duplicates->old.entries);
      duplicates->old = *young;
      table_init (young, FIRST_SIZE);
    }
  else if (young->used * 2 >= young->size)
    table_grow (young);
  entry = table_slot (young, key);
  entry->key = key;
  young->used++;
  return entry;
}

/* --- the interface --------------------------------------------------------------------------- */

AakDuplicates *
aak_duplicates_new (void)
{
  AakDuplicates *duplicates = g_new0 (AakDuplicates, 1);
  duplicates->seed = (guint64) g_random_int () << 32 | g_random_int ();
  table_init (&duplicates->young, FIRST_SIZE);
  table_init (&duplicates->old, 1);
  return duplicates;
}

void
aak_duplicates_free (AakDuplicates *duplicates)
{
  g_free (duplicates->young.entries);
  g_free (duplicates->old.entries);
  g_free (duplicates);
}

static guint8
most_given (const Entry *entry)
{
  guint8 most = 0;
  for (guint i = 0; i <= AAK_DUPLICATES_SOURCES; i++)
    most = MAX (most, entry->given[i]);
  return most;
}

gboolean
aak_duplicates_is_new (AakDuplicates *duplicates, guint source, const AakSourceRecord *raw)
{
  guint64 key = make_key (duplicates, raw);
  if (key == 0)
    return TRUE;
  Entry *entry = remember (duplicates, key);
  guint8 most = most_given (entry);
  if (entry->given[source] == G_MAXUINT8)
    return TRUE; /* so often that nobody can say: too much is better than too little */
  return ++entry->given[source] > most;
}

static void
fold (Table *table)
{
  for (gsize i = 0; i < table->size; i++)
    {
      guint8 most = most_given (&table->entries[i]);
      memset (table->entries[i].given, 0, sizeof table->entries[i].given);
      table->entries[i].given[0] = most;
    }
}

void
aak_duplicates_fold (AakDuplicates *duplicates)
{
  fold (&duplicates->young);
  fold (&duplicates->old);
}

static gboolean
collect_ahead (const Table *table, guint source, guint max, GArray *out_keys)
{
  for (gsize i = 0; i < table->size; i++)
    {
      const Entry *entry = &table->entries[i];
      guint missing = (guint) (most_given (entry) - entry->given[source]);
      if (out_keys->len + missing > max)
        return FALSE;
      for (; missing > 0; missing--)
        g_array_append_val (out_keys, entry->key);
    }
  return TRUE;
}

gboolean
aak_duplicates_ahead (const AakDuplicates *duplicates, guint source, guint max, GArray *out_keys)
{
  return collect_ahead (&duplicates->young, source, max, out_keys)
         && collect_ahead (&duplicates->old, source, max, out_keys);
}

guint64
aak_duplicates_seed (const AakDuplicates *duplicates)
{
  return duplicates->seed;
}

/* From how often each source has still to give a record to how often it gave it: those that miss
 * it most gave it not at all. */
static void
turn_round (Entry *entry)
{
  guint8 most = most_given (entry);
  for (guint i = 0; i < AAK_DUPLICATES_SOURCES; i++)
    entry->given[i] = (guint8) (most - entry->given[i]);
  entry->given[AAK_DUPLICATES_SOURCES] = most;
}

void
aak_duplicates_restore (AakDuplicates *duplicates, guint64 seed, GPtrArray *ahead)
{
  duplicates->seed = seed;
  for (guint source = 0; source < MIN (ahead->len, AAK_DUPLICATES_SOURCES); source++)
    {
      const GArray *keys = g_ptr_array_index (ahead, source);
      for (guint i = 0; keys != NULL && i < keys->len; i++)
        {
          guint64 key = g_array_index (keys, guint64, i);
          guint8 *missing = key != 0 ? &remember (duplicates, key)->given[source] : NULL;
          if (missing != NULL && *missing < G_MAXUINT8)
            (*missing)++;
        }
    }
  for (gsize i = 0; i < duplicates->young.size; i++)
    turn_round (&duplicates->young.entries[i]);
}
