/* SPDX-License-Identifier: GPL-2.0-or-later
 * Rules of a text, or of compiled policy, as the data of a page. */
#include "config.h"

#include "compile/report-rules.h"

#include "lib/escape.h"
#include "lib/policy/perms.h"
#include "lib/report/policy-facts.h"

#include <string.h>

static char *
escaped (const char *bytes)
{
  return aak_escape (bytes, strlen (bytes));
}

/* --- of a text ------------------------------------------------------------------------------- */

/* The class that a page knows the rule under; static. NULL for what allows and denies nothing. */
static const char *
class_of (const AakPolicyRule *rule)
{
  static const char *const others[] = {
    "unix", "dbus", "userns", "mqueue", "io_uring", "all", NULL
  };
  switch (rule->class)
    {
    case AAK_POLICY_RULE_FILE:
    case AAK_POLICY_RULE_LINK:
      return "file";
    case AAK_POLICY_RULE_CAPABILITY:
      return "capability";
    case AAK_POLICY_RULE_NETWORK:
      return "network";
    case AAK_POLICY_RULE_SIGNAL:
      return "signal";
    case AAK_POLICY_RULE_PTRACE:
      return "ptrace";
    case AAK_POLICY_RULE_MOUNT:
      return "mount";
    case AAK_POLICY_RULE_CHANGE_PROFILE:
      return "change_profile";
    case AAK_POLICY_RULE_ABI:
    case AAK_POLICY_RULE_ALIAS:
      return NULL;
    case AAK_POLICY_RULE_OTHER:
      break;
    }
  g_auto (GStrv) words = g_strsplit_set (rule->text, " \t\n(", 2);
  if (g_str_has_prefix (rule->text, "set rlimit") || g_str_has_prefix (rule->text, "rlimit"))
    return "rlimit";
  for (guint i = 0; others[i] != NULL; i++)
    if (g_strcmp0 (words[0], others[i]) == 0)
      return others[i];
  return "other";
}

/* The words of a network rule that stand without a key: its family and type. */
static const char *
bare_word (const AakPolicyRule *rule, guint index)
{
  for (guint i = 0; i < rule->words->len; i++)
    {
      const AakPolicyRuleWord *word = rule->words->pdata[i];
      if (word->key == NULL && index-- == 0)
        return word->value;
    }
  return "";
}

static char *
place_of (const AakPolicyTextRule *rule)
{
  const AakPolicyPosition at = aak_policy_place_position (rule->place);
  g_autofree char *path = escaped (rule->place.source->path);
  return g_strdup_printf ("%s:%u", path, at.line);
}

static char *
text_of (const AakPolicyRule *rule)
{
  g_autofree char *text = g_strconcat (rule->audit ? "audit " : "", rule->deny ? "deny " : "",
                                       rule->owner ? "owner " : "", rule->text, NULL);
  return escaped (text);
}

/* Where an exec leads to whose name is a pattern: what the rule says. */
static void
add_pattern_exec (AakReportPart *part, const AakPolicyRule *rule)
{
  const char *letters = rule->exec != NULL ? rule->exec : "";
  AakReportExecKind kind = strpbrk (letters, "uU") != NULL     ? AAK_REPORT_EXEC_LEAVES
                           : strpbrk (letters, "pPcC") != NULL ? AAK_REPORT_EXEC_CHANGES
                                                               : AAK_REPORT_EXEC_STAYS;
  g_autofree char *program = escaped (rule->path);
  g_autofree char *to = escaped (rule->target != NULL ? rule->target : "");
  const AakReportExec exec = { part->label, program, to, kind, 0 };
  aak_report_add_exec (part, &exec);
}

static void
add_rule (AakReportPart *part, const AakPolicyTextRule *text, const AakPolicySet *set,
          const AakPolicyProfile *compiled)
{
  const AakPolicyRule *rule = text->rule;
  const char *class = class_of (rule);
  gboolean network = rule->class == AAK_POLICY_RULE_NETWORK;
  if (class == NULL)
    return;
  AakReportRule *added = aak_report_add_rule (part, class, rule->deny ? "deny" : "active");
  added->text = text_of (rule);
  added->name = escaped (rule->path != NULL ? rule->path : network ? bare_word (rule, 0) : "");
  added->detail = escaped (network ? bare_word (rule, 1) : "");
  added->access = aak_policy_facts_access (rule->perms);
  added->owner = rule->owner;
  added->place = place_of (text);
  if (rule->class != AAK_POLICY_RULE_FILE || (rule->perms & AAK_MAY_EXEC) == 0 || rule->deny
      || rule->path == NULL)
    return;
  if (strpbrk (rule->path, "*?[{@\\") != NULL)
    add_pattern_exec (part, rule);
  else
    aak_policy_facts_add_exec (part, set, compiled, rule->path, 0);
}

void
aak_report_rules_add_text (AakReportPart *part, const AakPolicyTextProfile *profile,
                           const AakPolicySet *set, const AakPolicyProfile *compiled)
{
  part->rules_known = profile->whole;
  /* What somebody wrote here comes before what it draws in. */
  for (guint included = 0; included < 2; included++)
    for (guint i = 0; i < profile->rules->len; i++)
      {
        const AakPolicyTextRule *rule = profile->rules->pdata[i];
        if (rule->included == (gboolean) included)
          add_rule (part, rule, set, compiled);
      }
}
