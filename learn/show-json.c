/* SPDX-License-Identifier: GPL-2.0-or-later
 * A state as JSON. */
#include "config.h"

#include "learn/show.h"

#include "learn/security-json.h"
#include "learn/show-part.h"
#include "lib/json.h"

static void
add_run (AakJson *json, const AakRun *run)
{
  g_autofree char *verdict = aak_show_verdict (run);
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "id", run->id);
  aak_json_add_bytes (json, "node", run->node);
  aak_json_add_bytes (json, "boot", run->boot);
  aak_json_add_bytes (json, "source", run->source);
  aak_json_add_uint (json, "start", run->start);
  aak_json_add_uint (json, "events", run->events);
  aak_json_add_uint (json, "lost", aak_account_lost (&run->account));
  aak_json_add_flag (json, "complete", aak_account_is_complete (&run->account));
  aak_json_add_text (json, "verdict", verdict);
  aak_json_set_member_name (json, "pods");
  aak_json_begin_array (json);
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = run->pods->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "namespace", pod->namespace);
      aak_json_add_bytes (json, "pod", pod->pod);
      aak_json_add_bytes (json, "container", pod->container);
      aak_json_add_bytes (json, "image", pod->image);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
}

static void
add_classes (AakJson *json, const AakEvidence *evidence)
{
  aak_json_set_member_name (json, "classes");
  aak_json_begin_object (json);
  for (guint class = 0; class <= AAK_CLASS_OTHER; class ++)
    {
      guint accesses, rules;
      aak_show_count_class (evidence, (AakClass) class, &accesses, &rules);
      if (accesses == 0)
        continue;
      aak_json_set_member_name (json, aak_show_class ((AakClass) class));
      aak_json_begin_object (json);
      aak_json_add_uint (json, "accesses", accesses);
      aak_json_add_uint (json, "rules", rules);
      aak_json_end_object (json);
    }
  aak_json_end_object (json);
}

static void
add_since (AakJson *json, const char *key, guint64 when, const AakSince *since)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_object (json);
  aak_json_add_uint (json, "time", when);
  aak_json_add_uint (json, "recorded_ms", since->time);
  aak_json_add_uint (json, "events", since->events);
  aak_json_add_uint (json, "events_low", since->events_low);
  aak_json_add_uint (json, "events_high", since->events_high);
  aak_json_add_uint (json, "runs", since->runs);
  aak_json_end_object (json);
}

static void
add_share (AakJson *json, const char *key, double share)
{
  aak_json_set_member_name (json, key);
  aak_json_add_double_value (json, share);
}

static void
add_completeness (AakJson *json, const AakEvidence *evidence)
{
  const AakCompleteness *said = &evidence->completeness;
  aak_json_set_member_name (json, "completeness");
  aak_json_begin_object (json);
  aak_json_add_uint (json, "events", said->events);
  aak_json_add_uint (json, "accesses", said->accesses);
  aak_json_add_uint (json, "runs", said->runs);
  aak_json_add_uint (json, "recorded_ms", said->recorded);
  aak_json_add_uint (json, "seen_once", said->once);
  aak_json_add_uint (json, "met_once", said->brief);
  aak_json_add_uint (json, "met_once_at_start", said->at_start);
  aak_json_add_uint (json, "in_one_run", said->one_run);
  aak_json_add_flag (json, "enough_events", said->events >= AAK_COMPLETENESS_MIN_EVENTS);
  add_share (json, "chance_new", said->chance);
  add_share (json, "chance_new_low", said->low);
  add_share (json, "chance_new_high", said->high);
  add_since (json, "since_new_access", said->last_new, &evidence->since_access);
  add_since (json, "since_new_rule", evidence->last_rule, &evidence->since_rule);
  aak_json_set_member_name (json, "curve");
  aak_json_begin_array (json);
  for (guint i = 0; i < AAK_EVIDENCE_BINS; i++)
    aak_json_add_int_value (json, evidence->curve[i]);
  aak_json_end_array (json);
  aak_json_end_object (json);
}

void
aak_show_json (AakJson *json, const AakEvidence *evidence)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "label", evidence->profile->label);
  aak_json_set_member_name (json, "runs");
  aak_json_begin_array (json);
  for (guint i = 0; i < evidence->profile->runs; i++)
    add_run (json, aak_observations_get_run (evidence->observations, i));
  aak_json_end_array (json);
  add_classes (json, evidence);
  aak_json_set_member_name (json, "rules");
  aak_json_begin_array (json);
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      aak_json_begin_object (json);
      aak_show_add_rule (json, aak_evidence_rule (evidence, i));
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_security_json_add (json, "security", evidence->observations);
  add_completeness (json, evidence);
  aak_json_end_object (json);
}
