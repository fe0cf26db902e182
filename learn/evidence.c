/* SPDX-License-Identifier: GPL-2.0-or-later
 * From the accesses back to the rules that stand for them. */
#include "config.h"

#include "learn/evidence.h"

#include "learn/generalise.h"
#include "learn/path-match.h"
#include "learn/profile-writer.h"
#include "learn/rule-text.h"
#include "learn/writable.h"

#include <string.h>

static void
rule_evidence_clear (gpointer data)
{
  g_ptr_array_unref (((AakRuleEvidence *) data)->accesses);
}

/* One element for each rule of @profile, without accesses; *@out_index finds a rule's. */
static GArray *
list_rules (const AakProfile *profile, GHashTable **out_index)
{
  GArray *rules = g_array_new (FALSE, FALSE, sizeof (AakRuleEvidence));
  g_array_set_clear_func (rules, rule_evidence_clear);
  *out_index = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakRuleEvidence rule = { .rule = profile->rules->pdata[i],
                               .accesses = g_ptr_array_new (),
                               .first = G_MAXUINT64 };
      g_hash_table_insert (*out_index, profile->rules->pdata[i], GUINT_TO_POINTER (i));
      g_array_append_val (rules, rule);
    }
  return rules;
}

/* Sums what the accesses of @rule say. @seen_by: for each run the last rule that it saw, counted
 * from 1; @number: of this rule. */
static void
sum_up (AakRuleEvidence *rule, guint *seen_by, guint number)
{
  for (guint i = 0; i < rule->accesses->len; i++)
    {
      const AakObservation *access = rule->accesses->pdata[i];
      for (guint k = 0; k < access->sightings->len; k++)
        {
          const AakSighting *seen = &g_array_index (access->sightings, AakSighting, k);
          rule->runs += seen_by[seen->run] != number;
          seen_by[seen->run] = number;
          rule->events += seen->count;
          rule->first = MIN (rule->first, seen->first);
          rule->last = MAX (rule->last, seen->last);
        }
    }
  if (rule->runs == 0)
    rule->first = 0;
}

static void
find_last_rule (AakEvidence *evidence)
{
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      const AakRuleEvidence *rule = aak_evidence_rule (evidence, i);
      if (aak_rule_is_active (rule->rule))
        evidence->last_rule = MAX (evidence->last_rule, rule->first);
    }
}

/* System calls have no rules: each stands for itself. */
static guint
count_syscalls (const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  guint n = 0;
  for (guint i = 0; i < sorted->len; i++)
    n += ((const AakObservation *) sorted->pdata[i])->class == AAK_CLASS_SYSCALL;
  return n;
}

AakEvidence *
aak_evidence_new (const AakObservations *observations, gboolean exact, AakAbi abi)
{
  AakEvidence *evidence = g_new0 (AakEvidence, 1);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (GHashTable) index = NULL;
  g_autofree guint *seen_by = g_new0 (guint, aak_observations_n_runs (observations) + 1);
  evidence->observations = observations;
  evidence->profile = aak_generalise_traced (observations, exact, &trace);
  aak_writable_set_abi (evidence->profile, abi);
  evidence->rules = list_rules (evidence->profile, &index);
  for (guint i = 0; i < trace->len; i++)
    {
      const AakTrace *part = &g_array_index (trace, AakTrace, i);
      guint at = GPOINTER_TO_UINT (g_hash_table_lookup (index, part->rule));
      g_ptr_array_add (g_array_index (evidence->rules, AakRuleEvidence, at).accesses,
                       (gpointer) part->access);
      if (i == 0 || part[-1].access != part->access)
        evidence->accesses_of_class[part->access->class]++;
    }
  evidence->accesses_of_class[AAK_CLASS_SYSCALL] = count_syscalls (observations);
  for (guint i = 0; i < evidence->rules->len; i++)
    sum_up (&g_array_index (evidence->rules, AakRuleEvidence, i), seen_by, i + 1);
  find_last_rule (evidence);
  aak_completeness_estimate (observations, &evidence->completeness);
  aak_completeness_since (observations, evidence->completeness.last_new, &evidence->since_access);
  aak_completeness_since (observations, evidence->last_rule, &evidence->since_rule);
  aak_completeness_curve (observations, evidence->curve, AAK_EVIDENCE_BINS);
  return evidence;
}

void
aak_evidence_free (AakEvidence *evidence)
{
  g_array_unref (evidence->rules);
  aak_profile_free (evidence->profile);
  g_free (evidence);
}

const AakRuleEvidence *
aak_evidence_rule (const AakEvidence *evidence, guint index)
{
  return &g_array_index (evidence->rules, AakRuleEvidence, index);
}

/* --- which rule is meant --------------------------------------------------------------------- */

/* @text as rules are compared: the "#" in front, the comment behind, the last comma and the blanks
 * around them are gone. A "#" inside of a rule stands in quotes. */
static char *
bare_rule (const char *text)
{
  gboolean quoted = FALSE;
  while (g_ascii_isspace (*text) || *text == '#')
    text++;
  const char *end = text;
  for (; *end != '\0' && (quoted || strncmp (end, " #", 2) != 0); end++)
    quoted ^= *end == '"';
  g_autofree char *bare = g_strndup (text, (gsize) (end - text));
  g_strchomp (bare);
  gsize len = strlen (bare);
  if (len > 0 && bare[len - 1] == ',')
    bare[len - 1] = '\0';
  return g_steal_pointer (&bare);
}

static gboolean
is_text_of (const AakRule *rule, const char *bare)
{
  g_autofree char *text = aak_rule_text (rule);
  g_autofree char *own = bare_rule (text);
  return strcmp (own, bare) == 0;
}

static gboolean
matches_path (const AakRule *rule, const char *path)
{
  if (rule->class != AAK_CLASS_FILE)
    return FALSE;
  if (rule->unwritable != NULL)
    return strcmp (rule->name, path) == 0;
  return aak_path_match (rule->name, path)
         || (*rule->detail != '\0' && aak_path_match (rule->detail, path));
}

GPtrArray *
aak_evidence_find (const AakEvidence *evidence, const char *question)
{
  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *bare = bare_rule (question);
  for (guint i = 0; i < evidence->rules->len; i++)
    if (is_text_of (aak_evidence_rule (evidence, i)->rule, bare))
      g_ptr_array_add (found, (gpointer) aak_evidence_rule (evidence, i));
  gboolean is_text = found->len > 0;
  for (guint i = 0; !is_text && i < evidence->rules->len; i++)
    if (matches_path (aak_evidence_rule (evidence, i)->rule, question))
      g_ptr_array_add (found, (gpointer) aak_evidence_rule (evidence, i));
  return found;
}
