/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The life of what a page tells. */
#include "config.h"

#include "lib/report/report.h"

#include "lib/escape.h"

#include "lib/sha256.h"

#include <string.h>

/* --- parts of a profile ---------------------------------------------------------------------- */

static void
seen_free (gpointer data)
{
  AakReportSeen *seen = data;
  g_free (seen->what);
  g_free (seen);
}

static void
rule_free (gpointer data)
{
  AakReportRule *rule = data;
  g_free (rule->text);
  g_free (rule->name);
  g_free (rule->detail);
  g_free (rule->reason);
  g_free (rule->allow);
  g_free (rule->remark);
  g_free (rule->place);
  g_array_unref (rule->runs);
  g_ptr_array_unref (rule->seen);
  g_free (rule);
}

static void
run_free (gpointer data)
{
  AakReportRun *run = data;
  g_free (run->node);
  g_free (run->source);
  g_free (run->verdict);
  g_ptr_array_unref (run->pods);
  g_free (run);
}

static void
exec_free (gpointer data)
{
  AakReportExec *exec = data;
  g_free (exec->from);
  g_free (exec->program);
  g_free (exec->to);
  g_free (exec);
}

static void
call_free (gpointer data)
{
  AakReportCall *call = data;
  g_free (call->machine);
  g_free (call->name);
  g_free (call);
}

static void
change_free (gpointer data)
{
  AakReportChange *change = data;
  g_free (change->heading);
  g_free (change->explanation);
  g_free (change->wider_means);
  g_free (change->narrower_means);
  g_ptr_array_unref (change->wider);
  g_ptr_array_unref (change->narrower);
  g_ptr_array_unref (change->remarks);
  g_free (change);
}

static void
file_free (gpointer data)
{
  AakReportFile *file = data;
  g_free (file->what);
  g_free (file->name);
  g_free (file->digest);
  g_free (file);
}

/* --- a profile ------------------------------------------------------------------------------- */

AakReportPart *
aak_report_part_new (const char *label)
{
  AakReportPart *part = g_new0 (AakReportPart, 1);
  part->label = g_strdup (label);
  part->files = g_ptr_array_new_with_free_func (file_free);
  part->rules = aak_report_rules_new ();
  part->runs = g_ptr_array_new_with_free_func (run_free);
  part->execs = g_ptr_array_new_with_free_func (exec_free);
  part->calls = g_ptr_array_new_with_free_func (call_free);
  part->changes = g_ptr_array_new_with_free_func (change_free);
  part->growth.points = g_array_new (FALSE, FALSE, sizeof (AakReportPoint));
  part->growth.marks = g_array_new (FALSE, FALSE, sizeof (guint64));
  return part;
}

void
aak_report_part_free (AakReportPart *part)
{
  g_free (part->label);
  g_free (part->unmade);
  g_free (part->asked);
  g_free (part->tree_source);
  g_ptr_array_unref (part->files);
  g_ptr_array_unref (part->rules);
  g_ptr_array_unref (part->runs);
  g_ptr_array_unref (part->execs);
  g_ptr_array_unref (part->calls);
  g_ptr_array_unref (part->changes);
  g_array_unref (part->growth.points);
  g_array_unref (part->growth.marks);
  g_clear_pointer (&part->score, aak_score_free);
  g_clear_pointer (&part->tree, aak_tree_map_free);
  g_clear_pointer (&part->denied, g_ptr_array_unref);
  g_clear_pointer (&part->judged, g_ptr_array_unref);
  g_free (part);
}

GPtrArray *
aak_report_rules_new (void)
{
  return g_ptr_array_new_with_free_func (rule_free);
}

AakReportRule *
aak_report_rule_new (const char *class, const char *standing)
{
  AakReportRule *rule = g_new0 (AakReportRule, 1);
  rule->class = class;
  rule->standing = standing;
  rule->runs = g_array_new (FALSE, FALSE, sizeof (guint));
  rule->seen = g_ptr_array_new_with_free_func (seen_free);
  return rule;
}

AakReportRule *
aak_report_add_rule (AakReportPart *part, const char *class, const char *standing)
{
  AakReportRule *rule = aak_report_rule_new (class, standing);
  g_ptr_array_add (part->rules, rule);
  return rule;
}

AakReportRun *
aak_report_add_run (AakReportPart *part)
{
  AakReportRun *run = g_new0 (AakReportRun, 1);
  run->pods = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (part->runs, run);
  return run;
}

AakReportChange *
aak_report_add_change (AakReportPart *part, const char *heading)
{
  AakReportChange *change = g_new0 (AakReportChange, 1);
  change->heading = g_strdup (heading);
  change->wider = g_ptr_array_new_with_free_func (g_free);
  change->narrower = g_ptr_array_new_with_free_func (g_free);
  change->remarks = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (part->changes, change);
  return change;
}

AakReportChange *
aak_report_add_change_since (AakReportPart *part, const char *path)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autofree char *heading = g_strdup_printf ("Since %s", shown);
  AakReportChange *change = aak_report_add_change (part, heading);
  change->wider_means = g_strdup ("Wider: allowed now, and not before");
  change->narrower_means = g_strdup ("Narrower: allowed before, and not now");
  return change;
}

void
aak_report_add_file (AakReportPart *part, const char *what, const char *name, GBytes *bytes)
{
  AakReportFile *file = g_new0 (AakReportFile, 1);
  file->what = g_strdup (what);
  file->name = g_strdup (name);
  file->digest = aak_sha256_of (bytes);
  g_ptr_array_add (part->files, file);
}

void
aak_report_add_exec (AakReportPart *part, const AakReportExec *exec)
{
  AakReportExec *copy = g_new0 (AakReportExec, 1);
  *copy = *exec;
  copy->from = g_strdup (exec->from);
  copy->program = g_strdup (exec->program);
  copy->to = g_strdup (exec->to);
  g_ptr_array_add (part->execs, copy);
}

void
aak_report_add_call (AakReportPart *part, const char *machine, const char *name, guint64 events)
{
  AakReportCall *call = g_new0 (AakReportCall, 1);
  call->machine = g_strdup (machine);
  call->name = g_strdup (name);
  call->events = events;
  g_ptr_array_add (part->calls, call);
}

void
aak_report_rule_add_seen (AakReportRule *rule, const char *what, guint64 events, guint64 first,
                          guint64 last)
{
  AakReportSeen *seen = g_new0 (AakReportSeen, 1);
  seen->what = g_strdup (what);
  seen->events = events;
  seen->first = first;
  seen->last = last;
  g_ptr_array_add (rule->seen, seen);
}

const GPtrArray *
aak_report_allowed (const AakReportPart *part)
{
  return part->judged != NULL ? part->judged : part->rules;
}

gboolean
aak_report_rule_is_active (const AakReportRule *rule)
{
  return strcmp (rule->standing, "active") == 0;
}

guint
aak_report_count (const AakReportPart *part, const char *standing)
{
  guint n = 0;
  for (guint i = 0; i < part->rules->len; i++)
    n += strcmp (((const AakReportRule *) part->rules->pdata[i])->standing, standing) == 0;
  return n;
}
