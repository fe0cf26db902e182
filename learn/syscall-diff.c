/* SPDX-License-Identifier: GPL-2.0-or-later
 * Comparing seccomp profiles. */
#include "config.h"

#include "learn/syscall-diff.h"

#include "learn/rule-diff.h"
#include "learn/syscall-profile.h"

#include <string.h>

static AakRule *
add_rule (GPtrArray *rules, const char *name, const char *detail)
{
  AakRule *rule = g_new0 (AakRule, 1);
  rule->class = AAK_CLASS_SYSCALL;
  rule->name = g_strdup (name);
  rule->detail = g_strdup (detail);
  g_ptr_array_add (rules, rule);
  return rule;
}

static void
add_call (GPtrArray *rules, const AakSyscallAllowed *call)
{
  AakRule *rule = add_rule (rules, "", call->name);
  rule->widened = call->reason != AAK_CALL_SEEN;
  rule->pass = call->group;
  if (!call->limited && strcmp (call->name, AAK_SYSCALL_LIMITED) == 0)
    add_rule (rules, "namespaces", call->name);
}

static void
add_omitted (GPtrArray *rules, const AakSyscallOmitted *omitted)
{
  if (omitted->done)
    return;
  AakRule *rule = add_rule (rules, "", omitted->name);
  if (omitted->id == NULL)
    rule->unwritable = omitted->why;
  else
    {
      rule->review = omitted->why;
      rule->review_id = omitted->id;
    }
}

GPtrArray *
aak_syscall_rules (const AakObservations *observations, gboolean exact)
{
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (observations, exact);
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_rule_free);
  if (profile->seen == 0)
    return rules;
  for (guint i = 0; i < profile->archs->len; i++)
    add_rule (rules, "arch", profile->archs->pdata[i]);
  for (guint i = 0; i < profile->calls->len; i++)
    add_call (rules, profile->calls->pdata[i]);
  for (guint i = 0; i < profile->omitted->len; i++)
    add_omitted (rules, profile->omitted->pdata[i]);
  return rules;
}

/* How far it is from being allowed. */
static int
standing (const AakRule *rule)
{
  if (rule->unwritable != NULL)
    return 0;
  return rule->review != NULL ? 1 : 2;
}

static gboolean
has_rule (const GPtrArray *rules, const AakRule *wanted)
{
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      const AakRule *rule = rules->pdata[i];
      if (strcmp (rule->detail, wanted->detail) == 0 && strcmp (rule->name, wanted->name) == 0
          && standing (rule) >= standing (wanted))
        return TRUE;
    }
  return FALSE;
}

void
aak_syscall_diff (const GPtrArray *rules, const GPtrArray *others, GArray *excess)
{
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      AakRuleExcess one = { rules->pdata[i], 0 };
      if (!has_rule (others, one.rule))
        g_array_append_val (excess, one);
    }
}
