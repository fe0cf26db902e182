/* SPDX-License-Identifier: GPL-2.0-or-later
 * Differences as JSON. */
#include "config.h"

#include "compile/diff-report.h"

#include "lib/json.h"
#include "lib/policy/names.h"

/* Nothing where the place is not known. */
static void
add_place (AakJson *json, const char *key, AakPolicyPlace place)
{
  if (place.source == NULL)
    return;
  AakPolicyPosition position = aak_policy_place_position (place);
  aak_json_set_member_name (json, key);
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "path", place.source->path);
  aak_json_add_uint (json, "line", position.line);
  aak_json_add_uint (json, "column", position.column);
  aak_json_end_object (json);
}

static void
add_places (AakJson *json, const AakDiffReport *report, const AakProfileDiff *diff,
            const AakExcess *excess, gboolean gained)
{
  AakPolicyPlace allowed, denied;
  aak_diff_report_places (report, diff, excess, gained, &allowed, &denied);
  add_place (json, "allowed_at", allowed);
  add_place (json, "denied_at", denied);
}

/* Leaves the object open. */
static void
add_excess (AakJson *json, const AakExcess *excess)
{
  static const char *const kinds[] = {
    [AAK_EXCESS_ALLOWED] = "allowed",
    [AAK_EXCESS_AUDITED] = "audited",
    [AAK_EXCESS_QUIET] = "quiet",
  };
  aak_json_begin_object (json);
  aak_json_add_text (json, "class", excess->class);
  aak_json_add_text (json, "kind", kinds[excess->kind]);
  aak_json_add_text (json, "rule", excess->rule);
  aak_json_add_flag (json, "mediated", !excess->unmediated);
  aak_json_add_texts (json, "but", excess->but);
  aak_json_add_flag (json, "more", excess->more);
}

static void
add_side (AakJson *json, const AakDiffReport *report, const AakProfileDiff *diff, gboolean gained)
{
  const GPtrArray *excess = gained ? diff->gained : diff->lost;
  aak_json_set_member_name (json, gained ? "gained" : "lost");
  aak_json_begin_array (json);
  for (guint i = 0; i < excess->len; i++)
    {
      add_excess (json, excess->pdata[i]);
      add_places (json, report, diff, excess->pdata[i], gained);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_changes (AakJson *json, const GPtrArray *changes)
{
  aak_json_set_member_name (json, "changes");
  aak_json_begin_array (json);
  for (guint i = 0; i < changes->len; i++)
    {
      const AakProfileChange *change = changes->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "what", change->what);
      aak_json_add_text (json, "old", change->before);
      aak_json_add_text (json, "new", change->after);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_mask (AakJson *json, const char *key, guint32 perms)
{
  g_autofree char *mask = aak_policy_perms_text (AAK_PERM_WORDS_FILE, perms);
  aak_json_add_text (json, key, mask);
}

static void
add_files (AakJson *json, const GPtrArray *files)
{
  aak_json_set_member_name (json, "files");
  aak_json_begin_array (json);
  for (guint i = 0; i < files->len; i++)
    {
      const AakFileChange *file = files->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "path", file->path);
      add_mask (json, "lost", file->lost);
      add_mask (json, "gained", file->gained);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_profile (AakJson *json, const AakDiffReport *report, const AakProfileDiff *diff)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "name", diff->name);
  aak_json_add_text (json, "there",
                     diff->before == NULL  ? "new"
                     : diff->after == NULL ? "old"
                                           : "both");
  add_changes (json, diff->changes);
  add_side (json, report, diff, FALSE);
  add_side (json, report, diff, TRUE);
  aak_json_add_flag (json, "more", diff->more);
  if (diff->files != NULL)
    add_files (json, diff->files);
  aak_json_end_object (json);
}

void
aak_diff_print_json (AakCli *cli, const AakDiffReport *report)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/policy-diff/1");
  aak_json_add_bytes (json, "old", report->before);
  aak_json_add_bytes (json, "new", report->after);
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (guint i = 0; i < report->diffs->len; i++)
    add_profile (json, report, report->diffs->pdata[i]);
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
