/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does a profile for pods allow what the table profiles/runtime.yaml says that every pod needs? */
#include "config.h"

#include "compile/lint.h"
#include "lib/escape.h"
#include "lib/policy/query.h"
#include "lib/runtime-table.h"

#include <string.h>

#define OWN_NAME "@{profile_name}"

/* Signals that every kernel has. */
#define N_SIGNALS 31

/* A rule of the table, taken apart. */
typedef struct
{
  AakPolicyRule *rule;
  char **peers; /* labels, for this profile */
} Need;

static void
need_clear (Need *need)
{
  g_clear_pointer (&need->rule, aak_policy_rule_free);
  g_strfreev (need->peers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Need, need_clear)

/* The labels that "{a,b}" or "a" means for the profile @name. */
static char **
expand_peers (const char *pattern, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (pattern, OWN_NAME, -1);
  g_autofree char *whole = g_strjoinv (name, parts);
  gsize len = strlen (whole);
  if (len < 2 || whole[0] != '{' || whole[len - 1] != '}')
    return g_strsplit (whole, "\n", 1);
  whole[len - 1] = '\0';
  return g_strsplit (whole + 1, ",", -1);
}

/* FALSE where the rule of the table is of a form that this function does not know: the tests see
 * to it that there is none. */
static gboolean
read_need (const AakRuntimeRule *entry, const char *name, Need *need)
{
  AakPolicyLexer lexer = { entry->id, entry->rule, strlen (entry->rule), 0 };
  AakStatement statement;
  if (!aak_policy_lexer_next (&lexer, &statement, NULL))
    return FALSE;
  need->rule = aak_policy_rule_new (&lexer, &statement, NULL);
  for (guint i = 0; need->rule != NULL && i < need->rule->words->len; i++)
    {
      const AakPolicyRuleWord *word = need->rule->words->pdata[i];
      if (g_strcmp0 (word->key, "peer") == 0)
        need->peers = expand_peers (word->value, name);
    }
  return need->peers != NULL && !need->rule->odd;
}

/* --- asking ---------------------------------------------------------------------------------- */

static gboolean
allows_signals (const AakPolicyProfile *compiled, const char *peer, guint32 request)
{
  for (guint number = 1; number <= N_SIGNALS; number++)
    if (!aak_policy_query_signal (compiled, number, peer, request).allowed)
      return FALSE;
  return TRUE;
}

static guint32
request_of (const AakPolicyRule *rule)
{
  guint32 request = 0;
  if (rule->class == AAK_POLICY_RULE_SIGNAL)
    request |= aak_policy_rule_has (rule, NULL, "send") ? AAK_MAY_SIGNAL_SEND : 0;
  if (rule->class == AAK_POLICY_RULE_SIGNAL)
    request |= aak_policy_rule_has (rule, NULL, "receive") ? AAK_MAY_SIGNAL_RECEIVE : 0;
  if (rule->class == AAK_POLICY_RULE_PTRACE)
    request |= aak_policy_rule_has (rule, NULL, "read") ? AAK_MAY_PTRACE_READ : 0;
  if (rule->class == AAK_POLICY_RULE_PTRACE)
    request |= aak_policy_rule_has (rule, NULL, "readby") ? AAK_MAY_PTRACE_READ_BY : 0;
  return request;
}

static gboolean
is_met (const AakPolicyProfile *compiled, const Need *need)
{
  guint32 request = request_of (need->rule);
  for (char **peer = need->peers; *peer != NULL; peer++)
    if (need->rule->class == AAK_POLICY_RULE_SIGNAL
            ? !allows_signals (compiled, *peer, request)
            : !aak_policy_query_ptrace (compiled, *peer, request).allowed)
      return FALSE;
  return TRUE;
}

/* --- findings -------------------------------------------------------------------------------- */

/* The rules of a finding, for its hint. */
static void
tell (const AakLint *lint, const AakPolicyTextProfile *profile, AakFindingId id, const char *what,
      const GPtrArray *rules)
{
  if (rules->len == 0)
    return;
  g_autofree char *name = aak_escape (profile->name, strlen (profile->name));
  g_autoptr (GString) list = g_string_new ("add");
  for (guint i = 0; i < rules->len; i++)
    g_string_append_printf (list, "%s %s", i > 0 ? " and" : ":", (const char *) rules->pdata[i]);
  AakFinding *finding =
      aak_findings_add (lint->findings, id, profile->place, "profile %s %s", name, what);
  finding->hint = g_strdup (list->str);
}

static void
look (const AakLint *lint, const AakPolicyTextProfile *profile, const AakPolicyProfile *compiled)
{
  if (!aak_lint_is_for_pods (lint, profile) || compiled->mode == AAK_MODE_UNCONFINED)
    return;
  g_autoptr (GPtrArray) stop = g_ptr_array_new (), own = g_ptr_array_new ();
  const GPtrArray *table = aak_runtime_table ();
  for (guint i = 0; i < table->len; i++)
    {
      const AakRuntimeRule *entry = table->pdata[i];
      g_auto (Need) need = { 0 };
      if (read_need (entry, profile->name, &need) && !is_met (compiled, &need))
        g_ptr_array_add (strstr (entry->rule, OWN_NAME) != NULL ? own : stop, entry->rule);
    }
  tell (lint, profile, AAK_FINDING_UNSTOPPABLE,
        "does not accept all signals of every container runtime", stop);
  tell (lint, profile, AAK_FINDING_OWN_PROCESSES,
        "does not let its processes signal and see each other, or only where no runtime stacks its "
        "label on theirs",
        own);
}

void
aak_lint_runtime (const AakLint *lint)
{
  aak_lint_each (lint, look);
}
