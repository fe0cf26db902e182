/* SPDX-License-Identifier: GPL-2.0-or-later
 * From evidence to the data of a page. */
#include "config.h"

#include "learn/report-evidence.h"

#include "learn/pattern-table.h"
#include "learn/show-part.h"
#include "lib/capability-set.h"
#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

#define MAX_POINTS 120 /* of the curve */

static char *
escaped (const char *bytes)
{
  return aak_escape (bytes, strlen (bytes));
}

static const AakSighting *
sighting (const AakObservation *access, guint index)
{
  return &g_array_index (access->sightings, AakSighting, index);
}

/* --- rules ----------------------------------------------------------------------------------- */

static guint
access_of (guint perms)
{
  const guint writes = AAK_PERM_W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D;
  return ((perms & AAK_PERM_R) != 0 ? AAK_REPORT_READ : 0)
         | ((perms & writes) != 0 ? AAK_REPORT_WRITE : 0)
         | ((perms & AAK_PERM_X) != 0 ? AAK_REPORT_EXEC : 0);
}

static void
add_seen (AakReportRule *rule, const AakRuleEvidence *evidence)
{
  for (guint i = 0; i < MIN (evidence->accesses->len, AAK_REPORT_MAX_SEEN); i++)
    {
      const AakObservation *access = evidence->accesses->pdata[i];
      guint64 last = 0;
      for (guint k = 0; k < access->sightings->len; k++)
        last = MAX (last, sighting (access, k)->last);
      g_autofree char *what = aak_show_access (access);
      aak_report_rule_add_seen (rule, what, aak_observation_events (access),
                                aak_completeness_first_seen (access), last);
    }
}

/* The numbers of the runs that saw one of its accesses. */
static void
add_runs (AakReportRule *rule, const AakRuleEvidence *evidence, guint n_runs)
{
  g_autofree gboolean *saw = g_new0 (gboolean, n_runs + 1);
  for (guint i = 0; i < evidence->accesses->len; i++)
    {
      const AakObservation *access = evidence->accesses->pdata[i];
      for (guint k = 0; k < access->sightings->len; k++)
        saw[sighting (access, k)->run] = TRUE;
    }
  for (guint i = 0; i < n_runs; i++)
    {
      const guint number = i + 1;
      if (saw[i])
        g_array_append_val (rule->runs, number);
    }
}

/* What widened it and what that admits, or what it was not widened to. */
static char *
remark_of (const AakRule *rule)
{
  g_autofree char *others = aak_count (rule->others, "file");
  g_autofree char *refused = aak_count (rule->refused_others, "file");
  const char *why = rule->pass != NULL ? aak_pattern_table_why (rule->pass) : NULL;
  if (rule->widened && rule->pass != NULL)
    return g_strdup_printf ("widened by \"%s\"%s%s%s%s%s", rule->pass, why != NULL ? ": " : "",
                            why != NULL ? why : "", rule->others > 0 ? "; it admits " : "",
                            rule->others > 0 ? others : "",
                            rule->others > 0 ? " more of the image" : "");
  if (rule->refused == NULL)
    return NULL;
  g_autofree char *pattern = escaped (rule->refused);
  return g_strdup_printf ("not widened to %s, which would admit %s more of the image%s", pattern,
                          refused, rule->refused_sensitive ? ", some of them sensitive" : "");
}

static char *
allow_command (const AakRule *rule, const char *state)
{
  if (rule->review == NULL || rule->review_id == NULL)
    return NULL;
  g_autofree char *quoted = g_shell_quote (state);
  g_autofree char *shown =
      escaped (strpbrk (state, " '\"\\$`!*?[](){}<>|&;~#\t\n") ? quoted : state);
  return g_strdup_printf ("aa-learn profile --allow %s %s", rule->review_id, shown);
}

/* The time stamp of an audit record, as it stands in the log. */
static char *
stamp_of (guint64 ms)
{
  return ms == 0
             ? NULL
             : g_strdup_printf ("audit(%" G_GUINT64_FORMAT ".%03u", ms / 1000, (guint) (ms % 1000));
}

static void
add_rule (AakReportPart *part, const AakRuleEvidence *evidence, const char *state)
{
  const AakRule *what = evidence->rule;
  const char *reason = aak_show_reason (what);
  AakReportRule *rule =
      aak_report_add_rule (part, aak_show_class (what->class), aak_show_standing (what));
  rule->text = aak_show_rule (what);
  rule->name = aak_escape_rule (what->name);
  rule->detail = aak_escape_rule (what->detail);
  rule->access = what->class == AAK_CLASS_FILE ? access_of (what->perms) : 0;
  rule->owner = what->owner;
  rule->widened = what->widened;
  rule->reason = g_strdup (reason);
  rule->allow = allow_command (what, state);
  rule->remark = remark_of (what);
  rule->place = stamp_of (evidence->first);
  rule->accesses = evidence->accesses->len;
  rule->events = evidence->events;
  rule->first = evidence->first;
  rule->last = evidence->last;
  add_seen (rule, evidence);
  add_runs (rule, evidence, part->runs->len);
}

/* --- recordings ------------------------------------------------------------------------------ */

static void
add_run (AakReportPart *part, const AakRun *run)
{
  AakReportRun *added = aak_report_add_run (part);
  added->node = escaped (run->node);
  added->source = escaped (run->source);
  added->verdict = aak_show_verdict (run);
  added->start = run->start;
  added->events = run->events;
  added->complete = aak_account_is_complete (&run->account) && run->over_limit == 0;
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = run->pods->pdata[i];
      g_autofree char *text = g_strdup_printf ("%s/%s, container %s, image %s", pod->namespace,
                                               pod->pod, pod->container, pod->image);
      g_ptr_array_add (added->pods, escaped (text));
    }
}

/* --- capabilities and calls ------------------------------------------------------------------ */

static void
add_access (AakReportPart *part, const AakObservation *access)
{
  guint number = 0;
  if (access->class == AAK_CLASS_SYSCALL)
    {
      g_autofree char *machine = escaped (access->name), *call = escaped (access->detail);
      aak_report_add_call (part, machine, call, aak_observation_events (access));
    }
  if (access->class != AAK_CLASS_CAPABILITY || !aak_capability_number (access->name, &number)
      || number >= AAK_REPORT_N_CAPABILITIES)
    return;
  AakReportCapability *capability = &part->capabilities[number];
  capability->events += aak_observation_events (access);
  capability->used |= strcmp (access->detail, AAK_ASKED_OPTIONAL) != 0;
}

/* What rules say of capabilities: which are held back, and, until compiled policy is asked, which
 * are allowed. */
static void
note_rules (AakReportPart *part, const AakEvidence *evidence)
{
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      const AakRule *rule = aak_evidence_rule (evidence, i)->rule;
      guint number = 0;
      if (rule->class != AAK_CLASS_CAPABILITY || !aak_capability_number (rule->name, &number)
          || number >= AAK_REPORT_N_CAPABILITIES)
        continue;
      part->capabilities[number].allowed |= aak_rule_is_active (rule);
      part->capabilities[number].review |= rule->review != NULL;
    }
  part->allowed_known = TRUE;
}

static void
add_held (AakReportPart *part, const AakObservations *observations)
{
  const GPtrArray *list =
      aak_container_facts_list (aak_observations_containers ((AakObservations *) observations));
  part->held_known = list->len > 0;
  for (guint i = 0; i < list->len; i++)
    for (guint number = 0; number < AAK_REPORT_N_CAPABILITIES; number++)
      part->capabilities[number].held |=
          (((const AakContainerFact *) list->pdata[i])->holds >> number & 1) != 0;
}

/* --- growth ---------------------------------------------------------------------------------- */

static int
earlier_first (gconstpointer a, gconstpointer b)
{
  const guint64 *one = a, *other = b;
  return *one < *other ? -1 : *one > *other ? 1 : 0;
}

/* How many events there were up to @time. */
static guint64
events_until (const AakEvidence *evidence, guint64 time)
{
  AakSince since;
  aak_completeness_since (evidence->observations, time, &since);
  guint64 all = evidence->completeness.events;
  return since.events < all ? all - since.events : 0;
}

static void
add_points (AakReportGrowth *growth, const AakEvidence *evidence)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 before = 0;
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      const AakRuleEvidence *rule = aak_evidence_rule (evidence, i);
      if (aak_rule_is_active (rule->rule) && rule->first > 0)
        g_array_append_val (times, rule->first);
    }
  g_array_sort (times, earlier_first);
  for (guint i = 0; i < times->len; i++)
    {
      /* Of many rules every so-manieth is a point, and the last one is. */
      guint step = times->len / MAX_POINTS + 1;
      guint64 time = g_array_index (times, guint64, i);
      if (i + 1 < times->len && (i % step != 0 || g_array_index (times, guint64, i + 1) == time))
        continue;
      before = MAX (before, events_until (evidence, time));
      const AakReportPoint point = { before, i + 1 };
      g_array_append_val (growth->points, point);
    }
}

static void
add_growth (AakReportPart *part, const AakEvidence *evidence)
{
  const AakCompleteness *said = &evidence->completeness;
  AakReportGrowth *growth = &part->growth;
  growth->known = TRUE;
  growth->events = said->events;
  growth->accesses = said->accesses;
  growth->runs = said->runs;
  growth->once = said->brief;
  growth->enough = said->events >= AAK_COMPLETENESS_MIN_EVENTS;
  growth->chance = said->chance;
  growth->low = said->low;
  growth->high = said->high;
  growth->since_events = evidence->since_rule.events;
  growth->since_ms = evidence->since_rule.time;
  add_points (growth, evidence);
  for (guint i = 0; i < evidence->profile->runs && i < MAX_POINTS; i++)
    {
      const AakRun *run = aak_observations_get_run (evidence->observations, i);
      const guint64 events = run->start > 0 ? events_until (evidence, run->start - 1) : 0;
      g_array_append_val (growth->marks, events);
    }
}

void
aak_report_evidence_add (AakReportPart *part, const AakEvidence *evidence, const char *state)
{
  const AakObservations *observations = evidence->observations;
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  part->learned = part->rules_known = TRUE;
  for (guint i = 0; i < aak_observations_n_runs (observations); i++)
    add_run (part, aak_observations_get_run (observations, i));
  for (guint i = 0; i < evidence->rules->len; i++)
    add_rule (part, aak_evidence_rule (evidence, i), state);
  for (guint i = 0; i < accesses->len; i++)
    add_access (part, accesses->pdata[i]);
  note_rules (part, evidence);
  add_held (part, observations);
  add_growth (part, evidence);
}
