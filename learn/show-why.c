/* SPDX-License-Identifier: GPL-2.0-or-later
 * What single rules rest on. */
#include "config.h"

#include "learn/show.h"

#include "learn/pattern-table.h"
#include "learn/show-part.h"
#include "lib/amount.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* How much is shown of each; what is beyond is counted. */
#define MAX_RULES    10
#define MAX_RUNS     10
#define MAX_ACCESSES 25

static const AakSighting *
sighting (const AakObservation *access, guint index)
{
  return &g_array_index (access->sightings, AakSighting, index);
}

/* How often each run saw an access of @rule; as many as there are runs. */
static guint64 *
events_by_run (const AakEvidence *evidence, const AakRuleEvidence *rule)
{
  guint64 *events = g_new0 (guint64, evidence->profile->runs + 1);
  for (guint i = 0; i < rule->accesses->len; i++)
    {
      const AakObservation *access = rule->accesses->pdata[i];
      for (guint k = 0; k < access->sightings->len; k++)
        events[sighting (access, k)->run] += sighting (access, k)->count;
    }
  return events;
}

/* An access by itself. */
static AakRuleEvidence
sum_of (const AakObservation *access)
{
  AakRuleEvidence sum = { .runs = access->sightings->len,
                          .first = aak_completeness_first_seen (access) };
  for (guint k = 0; k < access->sightings->len; k++)
    {
      sum.events += sighting (access, k)->count;
      sum.last = MAX (sum.last, sighting (access, k)->last);
    }
  return sum;
}

/* --- text ------------------------------------------------------------------------------------ */

static void
print_left_out (AakCli *cli, const char *indent, guint all, guint shown)
{
  if (all > shown)
    aak_cli_out (cli, "%s... and %u more\n", indent, all - shown);
}

static void
print_runs (AakCli *cli, const AakEvidence *evidence, const AakRuleEvidence *rule)
{
  guint shown = 0;
  g_autofree guint64 *events = events_by_run (evidence, rule);
  for (guint i = 0; i < evidence->profile->runs && shown < MAX_RUNS; i++)
    {
      if (events[i] == 0)
        continue;
      const AakRun *run = aak_observations_get_run (evidence->observations, i);
      g_autofree char *begun = aak_amount_time (run->start);
      g_autofree char *node = aak_escape (run->node, strlen (run->node));
      g_autofree char *count = aak_count (events[i], "event");
      aak_cli_out (cli, "  in the run of %s on node %s: %s\n", begun, node, count);
      shown++;
    }
  print_left_out (cli, "  ", rule->runs, shown);
}

static void
print_accesses (AakCli *cli, const AakRuleEvidence *rule)
{
  guint shown = MIN (rule->accesses->len, MAX_ACCESSES);
  aak_cli_out (cli, "  stands for\n");
  for (guint i = 0; i < shown; i++)
    {
      AakRuleEvidence sum = sum_of (rule->accesses->pdata[i]);
      g_autofree char *text = aak_show_access (rule->accesses->pdata[i]);
      g_autofree char *events = aak_count (sum.events, "event");
      g_autofree char *runs = aak_count (sum.runs, "run");
      g_autofree char *first = aak_amount_time (sum.first);
      g_autofree char *last = aak_amount_time (sum.last);
      aak_cli_out (cli, "    %s  # %s, %s, %s to %s\n", text, events, runs, first, last);
    }
  print_left_out (cli, "    ", rule->accesses->len, shown);
}

/* What widened @rule, and what that admits of the image. */
static void
print_widened (AakCli *cli, const AakRule *rule)
{
  g_autofree char *others = aak_count (rule->others, "file");
  const char *why = aak_pattern_table_why (rule->pass);
  aak_cli_out (cli, "  the pass \"%s\" widened it%s%s: it allows more than what was seen\n",
               rule->pass, why != NULL ? ", " : "", why != NULL ? why : "");
  if (rule->others > 0)
    aak_cli_out (cli, "  it admits %s more of the image\n", others);
}

static void
print_refused (AakCli *cli, const AakRule *rule)
{
  g_autofree char *others = aak_count (rule->refused_others, "file");
  aak_cli_out (cli, "  not widened to %s, which would admit %s more of the image%s\n",
               rule->refused, others, rule->refused_sensitive ? ", some of them sensitive" : "");
}

static void
print_rule (AakCli *cli, const AakEvidence *evidence, const AakRuleEvidence *rule)
{
  const AakRule *what = rule->rule;
  g_autofree char *text = aak_show_rule (what);
  g_autofree char *why = aak_show_rests_on (rule);
  g_autofree char *first = aak_amount_time (rule->first);
  g_autofree char *last = aak_amount_time (rule->last);
  aak_cli_out (cli, "%s\n  %s: %s\n", text, aak_show_standing (what), why);
  if (what->widened && what->pass != NULL)
    print_widened (cli, what);
  if (what->refused != NULL)
    print_refused (cli, what);
  aak_cli_out (cli, "  seen from %s to %s\n", first, last);
  print_runs (cli, evidence, rule);
  print_accesses (cli, rule);
}

void
aak_show_why_text (AakCli *cli, const AakEvidence *evidence, GPtrArray *rules)
{
  guint shown = MIN (rules->len, MAX_RULES);
  for (guint i = 0; i < shown; i++)
    print_rule (cli, evidence, rules->pdata[i]);
  print_left_out (cli, "", rules->len, shown);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void
add_runs (AakJson *json, const AakEvidence *evidence, const AakRuleEvidence *rule)
{
  guint shown = 0;
  g_autofree guint64 *events = events_by_run (evidence, rule);
  aak_json_set_member_name (json, "seen_by");
  aak_json_begin_array (json);
  for (guint i = 0; i < evidence->profile->runs && shown < MAX_RUNS; i++)
    {
      if (events[i] == 0)
        continue;
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "run", aak_observations_get_run (evidence->observations, i)->id);
      aak_json_add_uint (json, "events", events[i]);
      aak_json_end_object (json);
      shown++;
    }
  aak_json_end_array (json);
  aak_json_add_uint (json, "runs_left_out", rule->runs - MIN (shown, rule->runs));
}

static void
add_accesses (AakJson *json, const AakRuleEvidence *rule)
{
  guint shown = MIN (rule->accesses->len, MAX_ACCESSES);
  aak_json_set_member_name (json, "stands_for");
  aak_json_begin_array (json);
  for (guint i = 0; i < shown; i++)
    {
      AakRuleEvidence sum = sum_of (rule->accesses->pdata[i]);
      g_autofree char *text = aak_show_access (rule->accesses->pdata[i]);
      aak_json_begin_object (json);
      aak_json_add_text (json, "access", text);
      aak_json_add_uint (json, "events", sum.events);
      aak_json_add_uint (json, "runs", sum.runs);
      aak_json_add_uint (json, "first", sum.first);
      aak_json_add_uint (json, "last", sum.last);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_add_uint (json, "accesses_left_out", rule->accesses->len - shown);
}

/* What @rule admits of the image, and what would have admitted too much. */
static void
add_weighed (AakJson *json, const AakRule *rule)
{
  aak_json_add_uint (json, "image_others", rule->others);
  if (rule->refused == NULL)
    return;
  aak_json_add_text (json, "refused", rule->refused);
  aak_json_add_uint (json, "refused_others", rule->refused_others);
  aak_json_add_flag (json, "refused_sensitive", rule->refused_sensitive);
}

void
aak_show_why_json (AakJson *json, const AakEvidence *evidence, GPtrArray *rules)
{
  guint shown = MIN (rules->len, MAX_RULES);
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "label", evidence->profile->label);
  aak_json_set_member_name (json, "rules");
  aak_json_begin_array (json);
  for (guint i = 0; i < shown; i++)
    {
      aak_json_begin_object (json);
      aak_show_add_rule (json, rules->pdata[i]);
      add_weighed (json, ((const AakRuleEvidence *) rules->pdata[i])->rule);
      add_runs (json, evidence, rules->pdata[i]);
      add_accesses (json, rules->pdata[i]);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_add_uint (json, "rules_left_out", rules->len - shown);
  aak_json_end_object (json);
}
