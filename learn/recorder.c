/* SPDX-License-Identifier: GPL-2.0-or-later
 * source -> record -> event -> attribution -> observations. */
#include "config.h"

#include "learn/recorder.h"

#include "learn/dbus-record.h"
#include "lib/escape.h"
#include "lib/tally.h"

#include <string.h>

#define MAX_OPERATIONS   64
#define OTHER_OPERATIONS "other"

AakRecorder *
aak_recorder_new (AakAttribution *attribution)
{
  AakRecorder *recorder = g_new0 (AakRecorder, 1);
  recorder->attribution = attribution;
  recorder->cache = aak_record_cache_new ();
  recorder->unlearned = aak_tally_new ();
  recorder->odd = g_ptr_array_new_with_free_func (g_free);
  return recorder;
}

AakRecorder *
aak_recorder_new_like (const AakRecorder *recorder, AakAttribution *attribution)
{
  AakRecorder *like = aak_recorder_new (attribution);
  like->dbus = recorder->dbus;
  like->bus_uid = recorder->bus_uid;
  return like;
}

void
aak_recorder_free (AakRecorder *recorder)
{
  g_hash_table_unref (recorder->unlearned);
  g_ptr_array_unref (recorder->odd);
  g_clear_pointer (&recorder->cache, aak_record_cache_free);
  g_free (recorder);
}

void
aak_recorder_name_odd (AakRecorder *recorder, const char *position, const char *why)
{
  if (recorder->odd->len < AAK_RECORDER_MAX_NAMED)
    g_ptr_array_add (recorder->odd, g_strdup_printf ("%s: %s", position, why));
}

/* The key that is last in order. */
static const char *
last_operation (AakRecorder *recorder)
{
  GHashTableIter iter;
  gpointer key;
  const char *last = "";
  g_hash_table_iter_init (&iter, recorder->unlearned);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (strcmp (key, last) > 0 && strcmp (key, OTHER_OPERATIONS) != 0)
      last = key;
  return last;
}

/* Operations are the kernel's own words; should a table of theirs grow without bound, those that
 * are last in order count as one: which they are does not depend on the order of the events. */
static void
count_unlearned (AakRecorder *recorder, const char *operation, guint count)
{
  aak_tally_add (recorder->unlearned, g_strdup (operation), count);
  if (g_hash_table_size (recorder->unlearned) <= MAX_OPERATIONS)
    return;
  g_autofree char *last = g_strdup (last_operation (recorder));
  guint given = aak_tally_get (recorder->unlearned, last);
  g_hash_table_remove (recorder->unlearned, last);
  aak_tally_add (recorder->unlearned, g_strdup (OTHER_OPERATIONS), given);
}

/* Counts @count events between two times. */
static void
count_events (AakRecorder *recorder, guint64 count, guint64 first, guint64 last)
{
  recorder->first_time = recorder->events == 0 ? first : MIN (recorder->first_time, first);
  recorder->last_time = MAX (recorder->last_time, last);
  recorder->events += count;
}

/* Gives @event to whom it belongs. */
static void
add_event (AakRecorder *recorder, const AakEvent *event, AakRecordMeaning *out)
{
  gboolean news = FALSE;
  *out = (AakRecordMeaning){ aak_attribution_find (recorder->attribution, event), NULL, FALSE };
  if (out->observations == NULL)
    return;
  if (event->class == AAK_CLASS_OTHER)
    {
      g_autofree char *operation = aak_escape (event->operation, strlen (event->operation));
      count_unlearned (recorder, operation, 1);
    }
  count_events (recorder, 1, event->time, event->time);
  out->observation = aak_observations_add (out->observations, 0, event, &news);
  out->denied = aak_event_is_refusal (event);
  recorder->news += news;
  if (news && recorder->on_news != NULL)
    recorder->on_news (out->observation, recorder->news_data);
}

/* What every record with the bytes of @record means goes to *@out. Returns what is odd about it, or
 * NULL; *@out_known is FALSE where that is not to be remembered. */
static const char *
read_event (AakRecorder *recorder, const AakRecord *record, AakRecordMeaning *out,
            gboolean *out_known)
{
  g_auto (AakEvent) event = { 0 };
  const char *reason = NULL;
  switch (aak_event_from_record (record, &event, &reason))
    {
    case AAK_EVENT_OK:
      add_event (recorder, &event, out);
      recorder->unproven += record->proof == AAK_PROOF_TEXT && out->observations != NULL;
      *out_known = out->observations == NULL || out->observation != NULL;
      return NULL;
    case AAK_EVENT_IGNORED:
      *out = (AakRecordMeaning){ 0 };
      if (event.class == AAK_CLASS_EXEC && aak_attribution_follows_children (recorder->attribution))
        add_event (recorder, &event, out);
      *out_known = out->observations == NULL || out->observation != NULL;
      return NULL;
    case AAK_EVENT_MALFORMED:
      recorder->malformed++;
      return reason;
    }
  return NULL;
}

/* The same for what the D-Bus daemon wrote. The kernel says who sent it. */
static const char *
read_dbus (AakRecorder *recorder, const AakSourceRecord *raw, AakRecordMeaning *out)
{
  AakRecord record;
  AakDbusSender sender;
  g_auto (AakEvent) event = { 0 };
  switch (aak_dbus_record_parse (raw, recorder->bus_uid, &record, &sender))
    {
    case AAK_DBUS_OTHER:
      return NULL;
    case AAK_DBUS_FOREIGN:
      recorder->foreign++;
      return NULL;
    case AAK_DBUS_RECORD:
      break;
    }
  const char *reason = NULL;
  if (aak_event_from_record (&record, &event, &reason) == AAK_EVENT_OK)
    add_event (recorder, &event, out);
  recorder->malformed += reason != NULL;
  return reason;
}

/* The same for the bytes of @raw. */
static const char *
read_record (AakRecorder *recorder, const AakSourceRecord *raw, AakRecordMeaning *out,
             gboolean *out_known)
{
  AakRecord record;
  switch (aak_source_record_parse (raw, &record))
    {
    case AAK_RECORD_OTHER:
      return recorder->dbus ? read_dbus (recorder, raw, out) : NULL;
    case AAK_RECORD_MALFORMED:
      recorder->malformed++;
      return "claims to be an AppArmor record and does not parse";
    case AAK_RECORD_APPARMOR:
      return read_event (recorder, &record, out, out_known);
    }
  return NULL;
}

static const char *
take_with_key (AakRecorder *recorder, const AakSourceRecord *raw, const AakRecordKey *key)
{
  AakRecordMeaning meaning;
  gboolean known = FALSE;
  const AakRecordMeaning *found =
      aak_record_cache_count (recorder->cache, key,
                              aak_attribution_generation (recorder->attribution));
  if (found != NULL)
    {
      if (found->observations != NULL)
        count_events (recorder, 1, key->time, key->time);
      return NULL;
    }
  const char *odd = read_record (recorder, raw, &meaning, &known);
  if (known)
    aak_record_cache_put (recorder->cache, key, aak_attribution_generation (recorder->attribution),
                          &meaning);
  return odd;
}

static const char *
take_without_key (AakRecorder *recorder, const AakSourceRecord *raw)
{
  AakRecordMeaning meaning;
  gboolean known;
  return read_record (recorder, raw, &meaning, &known);
}

const char *
aak_recorder_take (AakRecorder *recorder, const AakSourceRecord *raw)
{
  AakRecordKey key;
  return aak_record_key_parse (raw, &key) ? take_with_key (recorder, raw, &key)
                                          : take_without_key (recorder, raw);
}

void
aak_recorder_take_batch (AakRecorder *recorder, const AakSourceRecord *raw, guint count,
                         const char **out_odd)
{
  AakRecordKey keys[AAK_RECORDER_BATCH];
  gboolean has_key[AAK_RECORDER_BATCH];
  for (guint i = 0; i < count; i++)
    {
      has_key[i] = aak_record_key_parse (&raw[i], &keys[i]);
      if (has_key[i])
        aak_record_cache_expect (recorder->cache, &keys[i]);
    }
  for (guint i = 0; i < count; i++)
    if (has_key[i])
      aak_record_cache_fetch (recorder->cache, &keys[i]);
  for (guint i = 0; i < count; i++)
    out_odd[i] = has_key[i] ? take_with_key (recorder, &raw[i], &keys[i])
                            : take_without_key (recorder, &raw[i]);
}

void
aak_recorder_settle (AakRecorder *recorder)
{
  aak_record_cache_settle (recorder->cache);
}

AakSourceStatus
aak_recorder_drain (AakRecorder *recorder, AakSource *source, guint max, GError **error)
{
  AakSourceRecord raw;
  AakSourceStatus status = AAK_SOURCE_RECORD;
  for (guint i = 0; i < max && status == AAK_SOURCE_RECORD; i++)
    {
      status = aak_source_next (source, &raw, error);
      const char *odd = status == AAK_SOURCE_RECORD ? aak_recorder_take (recorder, &raw) : NULL;
      if (odd == NULL)
        continue;
      g_autofree char *position = aak_source_position (source);
      aak_recorder_name_odd (recorder, position, odd);
    }
  aak_recorder_settle (recorder);
  source->account.malformed = recorder->malformed;
  source->account.unproven = recorder->unproven;
  return status;
}

gboolean
aak_recorder_absorb (AakRecorder *recorder, AakRecorder *from)
{
  GHashTableIter iter;
  gpointer operation, count;
  g_hash_table_iter_init (&iter, from->unlearned);
  while (g_hash_table_iter_next (&iter, &operation, &count))
    count_unlearned (recorder, operation, GPOINTER_TO_UINT (count));
  if (from->events > 0)
    count_events (recorder, from->events, from->first_time, from->last_time);
  recorder->news += from->news;
  recorder->malformed += from->malformed;
  recorder->unproven += from->unproven;
  recorder->foreign += from->foreign;
  return aak_attribution_absorb (recorder->attribution, from->attribution);
}
