/* SPDX-License-Identifier: GPL-2.0-or-later
 * Scores as JSON. */
#include "config.h"

#include "compile/score-report.h"

#include "lib/json.h"

static void
add_score (AakJson *json, const char *key, guint score)
{
  aak_json_set_member_name (json, key);
  aak_json_add_double_value (json, score / 10.0);
}

static void
add_line (AakJson *json, const AakScoreLine *line)
{
  static const char *const words[] = {
    [AAK_EXPOSED_NOT] = "denied",
    [AAK_EXPOSED_BY_RULES] = "allowed",
    [AAK_EXPOSED_BY_SILENCE] = "unmediated",
    [AAK_EXPOSED_BY_THE_KERNEL] = "not-claimed",
  };
  aak_json_begin_object (json);
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
  aak_json_set_member_name (json, "question");
  if (line->question != NULL && line->exposed != AAK_EXPOSED_BY_THE_KERNEL)
    aak_json_add_string_value (json, line->question);
  else
    aak_json_add_null_value (json);
  if (line->name != NULL)
    aak_json_add_bytes (json, "name", line->name);
  aak_json_end_object (json);
}

static void
add_profile (AakJson *json, const AakScored *scored)
{
  const AakScore *score = scored->score;
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "name", scored->name);
  aak_json_add_bytes (json, "policy", scored->path);
  aak_json_add_bytes (json, "mode", aak_mode_name (scored->mode));
  aak_json_add_bytes (json, "features", scored->features);
  add_score (json, "score", score->score);
  aak_json_add_bytes (json, "verdict", aak_score_word (score->score));
  add_score (json, "by_rules", score->by_rules);
  add_score (json, "sum", score->sum);
  aak_json_set_member_name (json, "references");
  aak_json_begin_object (json);
  add_score (json, "containerd", score->containerd);
  add_score (json, "unconfined", AAK_SCORE_MAX);
  aak_json_end_object (json);
  aak_json_set_member_name (json, "lines");
  aak_json_begin_array (json);
  for (guint i = 0; i < score->lines->len; i++)
    add_line (json, score->lines->pdata[i]);
  aak_json_end_array (json);
  aak_json_end_object (json);
}

AakJson *
aak_score_report_json (const AakScoreSheet *sheet, const guint *threshold)
{
  const AakScored *highest = aak_score_sheet_highest (sheet);
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/score/1");
  if (threshold != NULL)
    add_score (json, "threshold", *threshold);
  add_score (json, "highest", highest != NULL ? highest->score->score : 0);
  add_score (json, "mean", aak_score_sheet_mean (sheet));
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (guint i = 0; i < sheet->profiles->len; i++)
    add_profile (json, sheet->profiles->pdata[i]);
  aak_json_end_array (json);
  aak_json_end_object (json);
  return json;
}
