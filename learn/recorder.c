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
  recorder->unlearned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  recorder->odd = g_ptr_array_new_with_free_func (g_free);
  return recorder;
}

void
aak_recorder_free (AakRecorder *recorder)
{
  g_hash_table_unref (recorder->unlearned);
  g_ptr_array_unref (recorder->odd);
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
add_event (AakRecorder *recorder, const AakEvent *event)
{
  AakObservations *observations = aak_attribution_find (recorder->attribution, event);
  if (observations == NULL)
    return;
  if (event->class == AAK_CLASS_OTHER)
    count_unlearned (recorder, event->operation);
  recorder->events++;
  recorder->first_time =
      recorder->first_time == 0 ? event->time : MIN (recorder->first_time, event->time);
  recorder->last_time = MAX (recorder->last_time, event->time);
  recorder->news += aak_observations_add (observations, 0, event);
}

static void
take_record (AakRecorder *recorder, AakSource *source, const AakSourceRecord *raw)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  const char *reason = NULL;
  switch (aak_source_parse (source, raw, &record))
    {
    case AAK_RECORD_OTHER:
      return;
    case AAK_RECORD_MALFORMED:
      name_odd (recorder, source, "claims to be an AppArmor record and does not parse");
      return;
    case AAK_RECORD_APPARMOR:
      break;
    }
  switch (aak_event_from_record (&record, &event, &reason))
    {
    case AAK_EVENT_OK:
      add_event (recorder, &event);
      break;
    case AAK_EVENT_IGNORED:
      break;
    case AAK_EVENT_MALFORMED:
      source->account.malformed++;
      name_odd (recorder, source, reason);
      break;
    }
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
