/* SPDX-License-Identifier: GPL-2.0-or-later
 * Scores as JSON. */
#include "config.h"

#include "compile/score-report.h"

#include "lib/json.h"

static void
add_score (JsonBuilder *json, const char *key, guint score)
{
  json_builder_set_member_name (json, key);
  json_builder_add_double_value (json, score / 10.0);
}

static void
add_line (JsonBuilder *json, const AakScoreLine *line)
{
  static const char *const words[] = {
    [AAK_EXPOSED_NOT] = "denied",
    [AAK_EXPOSED_BY_RULES] = "allowed",
    [AAK_EXPOSED_BY_SILENCE] = "unmediated",
    [AAK_EXPOSED_BY_THE_KERNEL] = "not-claimed",
  };
  json_builder_begin_object (json);
  aak_json_add_bytes (json, "id", line->exposure->id);
  aak_json_add_bytes (json, "class", aak_exposure_class_word (line->exposure->class));
  aak_json_add_uint (json, "weight", line->exposure->weight);
  if (line->exposure->least > 0)
    add_score (json, "least", line->exposure->least);
  aak_json_add_bytes (json, "result", words[line->exposed]);
  aak_json_add_bytes (json, "what", line->exposure->what);
  aak_json_add_bytes (json, "why", line->exposure->why);
  aak_json_add_bytes (json, "containerd", line->exposure->containerd ? "allows" : "refuses");
  /* The words of a question are escaped already. */
  json_builder_set_member_name (json, "question");
  if (line->question != NULL && line->exposed != AAK_EXPOSED_BY_THE_KERNEL)
    json_builder_add_string_value (json, line->question);
  else
    json_builder_add_null_value (json);
  if (line->name != NULL)
    aak_json_add_bytes (json, "name", line->name);
  json_builder_end_object (json);
}

static void
add_profile (JsonBuilder *json, const AakScored *scored)
{
  const AakScore *score = scored->score;
  json_builder_begin_object (json);
  aak_json_add_bytes (json, "name", scored->name);
  aak_json_add_bytes (json, "policy", scored->path);
  aak_json_add_bytes (json, "mode", aak_mode_name (scored->mode));
  aak_json_add_bytes (json, "features", scored->features);
  add_score (json, "score", score->score);
  aak_json_add_bytes (json, "verdict", aak_score_word (score->score));
  add_score (json, "by_rules", score->by_rules);
  add_score (json, "sum", score->sum);
  json_builder_set_member_name (json, "references");
  json_builder_begin_object (json);
  add_score (json, "containerd", score->containerd);
  add_score (json, "unconfined", AAK_SCORE_MAX);
  json_builder_end_object (json);
  json_builder_set_member_name (json, "lines");
  json_builder_begin_array (json);
  for (guint i = 0; i < score->lines->len; i++)
    add_line (json, score->lines->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

JsonNode *
aak_score_report_json (const AakScoreSheet *sheet, const guint *threshold)
{
  const AakScored *highest = aak_score_sheet_highest (sheet);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/score/1");
  if (threshold != NULL)
    add_score (json, "threshold", *threshold);
  add_score (json, "highest", highest != NULL ? highest->score->score : 0);
  add_score (json, "mean", aak_score_sheet_mean (sheet));
  json_builder_set_member_name (json, "profiles");
  json_builder_begin_array (json);
  for (guint i = 0; i < sheet->profiles->len; i++)
    add_profile (json, sheet->profiles->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}
