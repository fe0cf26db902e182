/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads logs as a recording does, in their order, and notes where news stood. */
#include "config.h"

#include "learn/check-log.h"

#include "learn/dbus-user.h"
#include "learn/follow.h"
#include "learn/recorder.h"
#include "learn/source-choice.h"
#include "lib/error.h"

#define BATCH 65536

/* From here on an access has these permissions. */
typedef struct
{
  guint perms;
  char *position;
} Place;

struct AakCheckLog
{
  AakAttribution *attribution;
  AakRecorder *recorder;
  AakSource *source;  /* NULL once it was read */
  GHashTable *places; /* AakObservation -> GArray of Place, in the order of the logs */
  guint64 lost;
};

static void
place_clear (gpointer data)
{
  g_free (((Place *) data)->position);
}

void
aak_check_log_free (AakCheckLog *log)
{
  g_clear_pointer (&log->source, aak_source_close);
  g_clear_pointer (&log->recorder, aak_recorder_free);
  g_clear_pointer (&log->attribution, aak_attribution_free);
  g_clear_pointer (&log->places, g_hash_table_unref);
  g_free (log);
}

/* --- reading --------------------------------------------------------------------------------- */

/* An access is new, or has a permission more. */
static void
on_news (const AakObservation *access, gpointer user_data)
{
  AakCheckLog *log = user_data;
  GArray *places = g_hash_table_lookup (log->places, access);
  if (places == NULL)
    {
      places = g_array_new (FALSE, FALSE, sizeof (Place));
      g_array_set_clear_func (places, place_clear);
      g_hash_table_insert (log->places, (gpointer) access, places);
    }
  const Place place = { access->perms, aak_source_position (log->source) };
  g_array_append_val (places, place);
}

/* A damaged file ends where the damage is; what came before counts. */
static gboolean
read_all (AakCheckLog *log, AakCli *cli, GError **error)
{
  AakSourceStatus status = AAK_SOURCE_RECORD;
  while (status == AAK_SOURCE_RECORD)
    {
      GError *why = NULL;
      status = aak_recorder_drain (log->recorder, log->source, BATCH, &why);
      if (status != AAK_SOURCE_FAILED)
        continue;
      g_autofree char *damage = aak_source_count_damage (log->source, why, error);
      if (damage == NULL)
        return FALSE;
      aak_cli_warn (cli, "%s", damage);
      status = AAK_SOURCE_RECORD;
    }
  return TRUE;
}

static void
warn_odd (const AakCheckLog *log, AakCli *cli)
{
  const AakRecorder *recorder = log->recorder;
  for (guint i = 0; i < recorder->odd->len; i++)
    aak_cli_warn (cli, "%s", (const char *) recorder->odd->pdata[i]);
  if (recorder->malformed > recorder->odd->len)
    aak_cli_warn (cli, "... %" G_GUINT64_FORMAT " unparsable records in all", recorder->malformed);
  aak_dbus_user_warn_foreign (cli, recorder->foreign);
}

static gboolean
follow (AakCheckLog *log, const AakCheckLogOptions *options, GError **error)
{
  const AakPodSelector nobody = { 0 };
  const AakFollowRequest request = { &nobody, options->labels, FALSE };
  g_autoptr (GPtrArray) staged = NULL;
  return aak_follow (&request, NULL, log->attribution, &staged, error);
}

AakCheckLog *
aak_check_log_read (AakCli *cli, const AakCheckLogOptions *options, GError **error)
{
  g_autoptr (AakCheckLog) log = g_new0 (AakCheckLog, 1);
  const AakSourceChoice choice = { .inputs = options->inputs };
  log->places = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  log->attribution = aak_attribution_new ();
  aak_attribution_follow_children (log->attribution);
  aak_attribution_keep_addresses (log->attribution);
  log->recorder = aak_recorder_new (log->attribution);
  log->recorder->on_news = on_news;
  log->recorder->news_data = log;
  log->recorder->dbus = options->dbus;
  if (!follow (log, options, error)
      || (options->dbus
          && !aak_dbus_user_find (aak_cli_root (cli), &log->recorder->bus_uid, error)))
    return NULL;
  log->source = aak_source_choose (cli, &choice, error);
  if (log->source == NULL || !read_all (log, cli, error))
    return NULL;
  log->lost = aak_account_lost (aak_source_account (log->source));
  warn_odd (log, cli);
  g_clear_pointer (&log->source, aak_source_close);
  if (log->recorder->events > 0)
    return g_steal_pointer (&log);
  g_set_error_literal (
      error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
      "nothing to check: the log has no event of a label that --profile names (what an "
      "enforced profile allows leaves none)");
  return NULL;
}

/* --- what came of it ------------------------------------------------------------------------- */

GPtrArray *
aak_check_log_subjects (const AakCheckLog *log)
{
  GPtrArray *subjects = aak_attribution_subjects (log->attribution);
  for (guint i = subjects->len; i > 0; i--)
    if (aak_observations_get_run (subjects->pdata[i - 1], 0)->events == 0)
      g_ptr_array_remove_index (subjects, i - 1);
  return subjects;
}

const char *
aak_check_log_position (const AakCheckLog *log, const AakObservation *access, guint perms)
{
  const GArray *places = g_hash_table_lookup (log->places, access);
  for (guint i = 0; places != NULL && i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      if (perms == 0 || (place->perms & perms) != 0)
        return place->position;
    }
  return NULL;
}

guint64
aak_check_log_lost (const AakCheckLog *log)
{
  return log->lost;
}
