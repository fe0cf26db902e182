/* SPDX-License-Identifier: GPL-2.0-or-later
 * source -> record -> event -> attribution -> observations. */
#include "config.h"

#include "learn/recorder.h"

#include "lib/escape.h"

#include <string.h>

#define MAX_OPERATIONS 64

AakRecorder *
aak_recorder_new (AakAttribution *attribution)
{
  AakRecorder *recorder = g_new0 (AakRecorder, 1);
  recorder->attribution = attribution;
  recorder->cache = aak_record_cache_new ();
  recorder->unlearned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  recorder->odd = g_ptr_array_new_with_free_func (g_free);
  return recorder;
}

void
aak_recorder_free (AakRecorder *recorder)
{
  g_hash_table_unref (recorder->unlearned);
  g_ptr_array_unref (recorder->odd);
  aak_record_cache_free (recorder->cache);
  g_free (recorder);
}

static void
name_odd (AakRecorder *recorder, const AakSource *source, const char *why)
{
  if (recorder->odd->len >= AAK_RECORDER_MAX_NAMED)
    return;
  g_autofree char *position = aak_source_position (source);
  g_ptr_array_add (recorder->odd, g_strdup_printf ("%s: %s", position, why));
}

/* Operations are the kernel's own words; should a table of theirs grow without bound, the rest
 * count as "other". */
static void
count_unlearned (AakRecorder *recorder, const char *operation)
{
  g_autofree char *key = aak_escape (operation, strlen (operation));
  if (!g_hash_table_contains (recorder->unlearned, key)
      && g_hash_table_size (recorder->unlearned) >= MAX_OPERATIONS)
    {
      g_free (key);
      key = g_strdup ("other");
    }
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (recorder->unlearned, key)) + 1;
  g_hash_table_insert (recorder->unlearned, g_steal_pointer (&key), GUINT_TO_POINTER (count));
}

static void
count_event (AakRecorder *recorder, guint64 time)
{
  recorder->events++;
  recorder->first_time = recorder->first_time == 0 ? time : MIN (recorder->first_time, time);
  recorder->last_time = MAX (recorder->last_time, time);
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
    count_unlearned (recorder, event->operation);
  count_event (recorder, event->time);
  out->observation = aak_observations_add (out->observations, 0, event, &news);
  out->denied = aak_event_is_refusal (event);
  recorder->news += news;
}

/* Parses @raw; TRUE where *@out says what every record with the same bytes means. */
static gboolean
read_record (AakRecorder *recorder, AakSource *source, const AakSourceRecord *raw,
             AakRecordMeaning *out)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  const char *reason = NULL;
  switch (aak_source_parse (source, raw, &record))
    {
    case AAK_RECORD_OTHER:
      return FALSE;
    case AAK_RECORD_MALFORMED:
      name_odd (recorder, source, "claims to be an AppArmor record and does not parse");
      return FALSE;
    case AAK_RECORD_APPARMOR:
      break;
    }
  switch (aak_event_from_record (&record, &event, &reason))
    {
    case AAK_EVENT_OK:
      add_event (recorder, &event, out);
      source->account.unproven += record.proof == AAK_PROOF_TEXT && out->observations != NULL;
      return out->observations == NULL || out->observation != NULL;
    case AAK_EVENT_IGNORED:
      *out = (AakRecordMeaning){ 0 };
      return TRUE;
    case AAK_EVENT_MALFORMED:
      source->account.malformed++;
      name_odd (recorder, source, reason);
      return FALSE;
    }
  return FALSE;
}

static void
take_record (AakRecorder *recorder, AakSource *source, const AakSourceRecord *raw)
{
  AakRecordKey key;
  AakRecordMeaning meaning;
  gboolean has_key = aak_record_key_parse (raw, &key);
  guint generation = aak_attribution_generation (recorder->attribution);
  const AakRecordMeaning *known =
      has_key ? aak_record_cache_find (recorder->cache, &key, generation) : NULL;
  if (known == NULL)
    {
      if (read_record (recorder, source, raw, &meaning) && has_key)
        aak_record_cache_put (recorder->cache, &key,
                              aak_attribution_generation (recorder->attribution), &meaning);
      return;
    }
  if (known->observations == NULL)
    return;
  count_event (recorder, key.time);
  aak_observations_add_again (known->observations, 0, known->observation, key.time, known->denied);
}

AakSourceStatus
aak_recorder_drain (AakRecorder *recorder, AakSource *source, guint max, GError **error)
{
  AakSourceRecord raw;
  for (guint i = 0; i < max; i++)
    {
      AakSourceStatus status = aak_source_next (source, &raw, error);
      if (status != AAK_SOURCE_RECORD)
        return status;
      take_record (recorder, source, &raw);
    }
  return AAK_SOURCE_RECORD;
}
