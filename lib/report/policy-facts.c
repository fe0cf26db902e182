/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Questions to compiled policy whose answers a page shows. */
#include "config.h"

#include "lib/report/policy-facts.h"

#include "lib/escape.h"
#include "lib/policy/excess.h"
#include "lib/policy/exposure-table.h"
#include "lib/policy/query.h"
#include "lib/policy/tree-report.h"

#include <string.h>

#define MOST 1000 /* rules of a class that are read back */

gboolean
aak_policy_facts_add (AakReportPart *part, const AakPolicySet *set, const AakPolicyProfile *profile,
                      const AakScoreKernel *kernel, GError **error)
{
  g_autoptr (AakScore) score = aak_score_new (aak_exposure_table (), set, profile, kernel, error);
  if (score == NULL)
    return FALSE;
  part->score = g_steal_pointer (&score);
  part->mode = aak_mode_name (profile->mode);
  part->allowed_known = TRUE;
  for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
    part->capabilities[i].allowed = aak_policy_query_capability (profile, i).allowed;
  return TRUE;
}

guint
aak_policy_facts_access (guint32 perms)
{
  return ((perms & AAK_MAY_READ) != 0 ? AAK_REPORT_READ : 0)
         | ((perms & (AAK_MAY_WRITE | AAK_MAY_APPEND)) != 0 ? AAK_REPORT_WRITE : 0)
         | ((perms & AAK_MAY_EXEC) != 0 ? AAK_REPORT_EXEC : 0);
}

/* --- files ----------------------------------------------------------------------------------- */

static void
count_file (const char *path, guint32 mask, gpointer user_data)
{
  AakReportPart *part = user_data;
  aak_tree_map_add (part->tree, path, aak_policy_facts_access (mask));
}

static void
count_skipped (const char *path, const char *why, gpointer user_data)
{
  /* Their number is in the totals. */
  (void) path;
  (void) why;
  (void) user_data;
}

static void
make_tree (AakReportPart *part)
{
  if (part->tree == NULL)
    part->tree = aak_tree_map_new ();
}

gboolean
aak_policy_facts_add_tree (AakReportPart *part, const AakPolicyProfile *profile, const char *root,
                           guint64 *out_skipped, GError **error)
{
  AakTreeTotals totals = { 0 };
  const AakTreeVisitor visitor = { count_file, count_skipped, part, TRUE };
  make_tree (part);
  if (!aak_tree_report (profile, root, TRUE, &visitor, &totals, error))
    return FALSE;
  *out_skipped = totals.skipped;
  return TRUE;
}

void
aak_policy_facts_add_path (AakReportPart *part, const AakPolicyProfile *profile, const char *path)
{
  const guint32 asked = AAK_MAY_READ | AAK_MAY_WRITE | AAK_MAY_EXEC;
  make_tree (part);
  guint32 denied = aak_policy_query_file (profile, aak_name (path), asked, TRUE).denied;
  count_file (path, asked & ~denied, part);
}

/* --- programs -------------------------------------------------------------------------------- */

static AakReportExecKind
kind_of (const AakAnswer *answer, const AakPolicyProfile *profile, const char *label)
{
  if (!answer->allowed)
    return AAK_REPORT_EXEC_REFUSED;
  switch (answer->exec.target)
    {
    case AAK_EXEC_NOWHERE:
      return profile->mode == AAK_MODE_UNCONFINED ? AAK_REPORT_EXEC_STAYS : AAK_REPORT_EXEC_REFUSED;
    case AAK_EXEC_INHERIT:
      return AAK_REPORT_EXEC_STAYS;
    case AAK_EXEC_UNCONFINED:
      return AAK_REPORT_EXEC_LEAVES;
    case AAK_EXEC_PROFILE:
    case AAK_EXEC_CHILD:
    case AAK_EXEC_NAMED:
      break;
    }
  if (label == NULL && answer->exec.fallback == AAK_EXEC_UNCONFINED)
    return AAK_REPORT_EXEC_LEAVES;
  if (label == NULL && answer->exec.fallback == AAK_EXEC_INHERIT)
    return AAK_REPORT_EXEC_STAYS;
  return AAK_REPORT_EXEC_CHANGES;
}

void
aak_policy_facts_add_exec (AakReportPart *part, const AakPolicySet *set,
                           const AakPolicyProfile *profile, const char *program, guint64 events)
{
  const AakName name = aak_name (program);
  const AakAnswer answer = aak_policy_query_file (profile, name, AAK_MAY_EXEC, TRUE);
  g_autofree char *label =
      answer.allowed ? aak_policy_query_exec_label (set, profile, name, answer.exec) : NULL;
  g_autofree char *to = label != NULL ? aak_escape (label, strlen (label)) : g_strdup ("");
  g_autofree char *from = aak_escape (profile->name, strlen (profile->name));
  g_autofree char *shown = aak_escape (program, strlen (program));
  const AakReportExec exec = { from, shown, to, kind_of (&answer, profile, label), events };
  aak_report_add_exec (part, &exec);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* The pattern of a rule about files, which comes before its permissions. The caller frees it. */
static char *
pattern_of (const char *rule)
{
  const char *begin = g_str_has_prefix (rule, "owner ") ? rule + strlen ("owner ") : rule;
  const char *end = strrchr (begin, ' ');
  return end != NULL ? g_strndup (begin, (gsize) (end - begin)) : g_strdup (begin);
}

static void
add_excess (GPtrArray *rules, const AakExcess *excess)
{
  gboolean file = strcmp (excess->class, "file") == 0;
  gboolean network = strcmp (excess->class, "network") == 0;
  g_auto (GStrv) words = g_strsplit (excess->rule, " ", 4);
  gboolean named = network && g_strv_length (words) == 3;
  g_autofree char *name = file ? pattern_of (excess->rule) : g_strdup (named ? words[1] : "");
  AakReportRule *rule = aak_report_rule_new (excess->class, "active");
  rule->text = aak_excess_text (excess);
  rule->name = aak_escape_rule (name);
  rule->detail = aak_escape_rule (named ? words[2] : "");
  rule->access = file ? aak_policy_facts_access (excess->perms) : 0;
  g_ptr_array_add (rules, rule);
}

gboolean
aak_policy_facts_add_rules (GPtrArray *rules, const AakPolicyProfile *profile,
                            const AakPolicyProfile *nothing, gboolean *out_all, GError **error)
{
  gboolean more = FALSE;
  g_autoptr (GPtrArray) excess = aak_policy_excess (profile, nothing, MOST, &more, error);
  if (excess == NULL)
    return FALSE;
  for (guint i = 0; i < excess->len; i++)
    if (((const AakExcess *) excess->pdata[i])->kind == AAK_EXCESS_ALLOWED)
      add_excess (rules, excess->pdata[i]);
  *out_all = !more;
  return TRUE;
}

void
aak_policy_facts_add_programs (AakReportPart *part, const AakPolicySet *set,
                               const AakPolicyProfile *profile)
{
  for (guint i = 0; i < part->rules->len; i++)
    {
      const AakReportRule *rule = part->rules->pdata[i];
      if ((rule->access & AAK_REPORT_EXEC) != 0 && strpbrk (rule->name, "*?[{@\\\"") == NULL)
        aak_policy_facts_add_exec (part, set, profile, rule->name, 0);
    }
}
