/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing metrics. */
#include "config.h"

#include "register/metrics.h"

#include "lib/escape.h"

#include <string.h>

#define MAX_NAME 256

/* @name as the value of a label. */
static char *
label_value (const char *name)
{
  g_autofree char *text = aak_escape (name, strlen (name));
  g_autoptr (GString) value = g_string_new (text);
  g_string_replace (value, "\\", "\\\\", 0);
  g_string_replace (value, "\"", "\\\"", 0);
  return g_strdup (value->str);
}

static void
begin (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
add_gauge (GString *text, const char *name, const char *help, gint64 value)
{
  begin (text, name, "gauge", help);
  g_string_append_printf (text, "%s %" G_GINT64_FORMAT "\n", name, value);
}

static void
add_counter (GString *text, const char *name, const char *help, guint64 value)
{
  begin (text, name, "counter", help);
  g_string_append_printf (text, "%s %" G_GUINT64_FORMAT "\n", name, value);
}

/* --- profiles -------------------------------------------------------------------------------- */

static gint64
is_loaded (const AakStatusRow *row)
{
  return row->loaded != NULL || (row->seccomp != NULL && row->state != AAK_STATUS_MISSING);
}

static gint64
is_as_registered (const AakStatusRow *row)
{
  return row->state == AAK_STATUS_LOADED;
}

static gint64
count_tasks (const AakStatusRow *row)
{
  return row->tasks->len;
}

static gint64
count_lacking (const AakStatusRow *row)
{
  return row->lacking->len;
}

static gint64
changed_at (const AakStatusRow *row)
{
  return row->loaded != NULL ? row->loaded->changed : 0;
}

static const struct
{
  const char *name;
  const char *help;
  gint64 (*value) (const AakStatusRow *row);
} families[] = {
  { "aakit_profile_loaded",
    "Whether the kernel holds the profile, or the seccomp profile is in its place.", is_loaded },
  { "aakit_profile_as_registered", "Whether it holds just what was registered.", is_as_registered },
  { "aakit_profile_tasks", "Tasks that wear the profile.", count_tasks },
  { "aakit_profile_lacking_containers", "Containers that name the profile and lack it.",
    count_lacking },
  { "aakit_profile_changed_timestamp_seconds",
    "When the kernel took in the profile's policy, 0 where it is not loaded.", changed_at },
};

static gboolean
is_of_interest (const AakStatusRow *row)
{
  return row->state != AAK_STATUS_FOREIGN || row->lacking->len > 0;
}

/* A pod can want a profile of any name. */
static gboolean
has_series (const AakStatusRow *row)
{
  return is_of_interest (row) && strlen (row->name) <= MAX_NAME;
}

static void
add_profiles (GString *text, const AakStatus *status)
{
  guint listed = 0, known = 0;
  for (guint i = 0; i < status->rows->len; i++)
    known += is_of_interest (status->rows->pdata[i]);
  for (gsize f = 0; f < G_N_ELEMENTS (families); f++)
    {
      begin (text, families[f].name, "gauge", families[f].help);
      listed = 0;
      for (guint i = 0; i < status->rows->len && listed < AAK_METRICS_MAX_PROFILES; i++)
        {
          const AakStatusRow *row = status->rows->pdata[i];
          if (!has_series (row))
            continue;
          g_autofree char *name = label_value (row->name);
          g_string_append_printf (text, "%s{profile=\"%s\"} %" G_GINT64_FORMAT "\n",
                                  families[f].name, name, families[f].value (row));
          listed++;
        }
    }
  add_gauge (text, "aakit_profiles_not_listed", "Profiles without series of their own.",
             known - listed);
}

static void
add_states (GString *text, const AakStatus *status)
{
  begin (text, "aakit_profiles", "gauge", "Profiles by state.");
  for (guint i = 0; i < AAK_STATUS_ABSENT; i++)
    g_string_append_printf (text, "aakit_profiles{state=\"%s\"} %u\n", aak_status_state_name (i),
                            status->counts[i]);
}

static void
add_counts (GString *text, const AakWatchCounts *counts)
{
  add_counter (text, "aakit_watch_generations_total", "Generations that were brought in.",
               counts->generations);
  add_counter (text, "aakit_watch_drifts_repaired_total",
               "Times that the kernel's policy was put right.", counts->drifts);
  add_counter (text, "aakit_watch_failures_total", "Attempts that did not work.", counts->failures);
  add_gauge (text, "aakit_watch_last_success_timestamp_seconds",
             "When all was as wanted last, 0 where it never was.", counts->last_success);
}

char *
aak_metrics_text (const AakStatus *status, guint64 revision, const AakWatchCounts *counts,
                  gint64 now)
{
  GString *text = g_string_new (NULL);
  add_states (text, status);
  add_profiles (text, status);
  add_gauge (text, "aakit_lacking_containers", "Containers that name a profile and lack it.",
             status->lacking);
  add_gauge (text, "aakit_hidden_processes", "Processes whose label could not be read.",
             status->hidden);
  add_gauge (text, "aakit_policy_revision", "The revision of the kernel's policy.",
             (gint64) MIN (revision, (guint64) G_MAXINT64));
  add_gauge (text, "aakit_status_timestamp_seconds", "When this was looked at.", now);
  if (counts != NULL)
    add_counts (text, counts);
  return g_string_free (text, FALSE);
}
