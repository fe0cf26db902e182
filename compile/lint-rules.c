/* SPDX-License-Identifier: GPL-2.0-or-later
 * Making and finding rules. */
#include "config.h"

#include "compile/lint-rules.h"

#include <string.h>

/* filter_slashes() of parser_regex.c: a variable that ends with a slash is often followed by
 * another one. */
static void
join_slashes (char *path)
{
  char *to = path, *from = path;
  if (from[0] == '/' && from[1] == '/' && from[2] != '/')
    {
      from += 2;
      to += 2;
    }
  for (gboolean slash = FALSE; *from != '\0'; from++)
    {
      if (*from != '/' || !slash)
        *to++ = *from;
      slash = *from == '/';
    }
  *to = '\0';
}

static AakPolicyGlob *
compile (const AakPolicyText *text, const AakPolicyTextProfile *profile, const char *pattern,
         gboolean path)
{
  g_autofree char *expanded = aak_policy_text_expand (text, profile, pattern);
  if (expanded == NULL)
    return NULL;
  if (path)
    join_slashes (expanded);
  return aak_policy_glob_new (expanded);
}

/* The only peer that the rule names, or NULL; *@out_several where there are more. */
static const char *
peer_of (const AakPolicyRule *rule, gboolean *out_several)
{
  const char *peer = NULL;
  for (guint i = 0; i < rule->words->len; i++)
    {
      const AakPolicyRuleWord *word = rule->words->pdata[i];
      if (g_strcmp0 (word->key, "peer") != 0)
        continue;
      *out_several = peer != NULL;
      peer = word->value;
    }
  return peer;
}

static void
compile_rule (AakLintRule *rule, const AakPolicyText *text, const AakPolicyTextProfile *profile)
{
  const AakPolicyRule *read = rule->rule;
  gboolean several = FALSE;
  const char *peer = NULL;
  rule->told = !read->odd;
  if (read->odd)
    return;
  switch (read->class)
    {
    case AAK_POLICY_RULE_FILE:
      rule->glob = compile (text, profile, read->path, TRUE);
      rule->told = rule->glob != NULL;
      return;
    case AAK_POLICY_RULE_SIGNAL:
    case AAK_POLICY_RULE_PTRACE:
      peer = peer_of (read, &several);
      rule->glob = peer != NULL ? compile (text, profile, peer, FALSE) : NULL;
      rule->told = !several && (peer == NULL || rule->glob != NULL);
      return;
    case AAK_POLICY_RULE_LINK:
    case AAK_POLICY_RULE_CAPABILITY:
    case AAK_POLICY_RULE_NETWORK:
    case AAK_POLICY_RULE_MOUNT:
    case AAK_POLICY_RULE_CHANGE_PROFILE:
    case AAK_POLICY_RULE_ABI:
    case AAK_POLICY_RULE_ALIAS:
    case AAK_POLICY_RULE_OTHER:
      return;
    }
}

static void
lint_rule_free (gpointer data)
{
  AakLintRule *rule = data;
  g_clear_pointer (&rule->glob, aak_policy_glob_free);
  g_free (rule);
}

GPtrArray *
aak_lint_rules_new (const AakPolicyText *text, const AakPolicyTextProfile *profile)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func (lint_rule_free);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakLintRule *rule = g_new0 (AakLintRule, 1);
      rule->text = profile->rules->pdata[i];
      rule->rule = rule->text->rule;
      compile_rule (rule, text, profile);
      g_ptr_array_add (rules, rule);
    }
  return rules;
}

/* --- finding --------------------------------------------------------------------------------- */

static gboolean
allows_file (const AakLintRule *rule, const char *path, guint32 perms)
{
  return rule->rule->class == AAK_POLICY_RULE_FILE && rule->told && !rule->rule->deny
         && !rule->rule->owner && (perms & ~rule->rule->perms) == 0
         && aak_policy_glob_match (rule->glob, path, strlen (path));
}

const AakLintRule *
aak_lint_rules_file (const GPtrArray *rules, const char *path, guint32 perms)
{
  const AakLintRule *found = NULL;
  for (guint i = 0; i < rules->len; i++)
    {
      const AakLintRule *rule = rules->pdata[i];
      if ((found == NULL || (found->text->included && !rule->text->included))
          && allows_file (rule, path, perms))
        found = rule;
    }
  return found;
}

/* Words with a key narrow a rule; those without one are what it is about. */
gboolean
aak_lint_rule_is_about (const AakPolicyRule *rule, const char *word)
{
  if (word == NULL || aak_policy_rule_has (rule, NULL, word))
    return TRUE;
  for (guint i = 0; i < rule->words->len; i++)
    if (((const AakPolicyRuleWord *) rule->words->pdata[i])->key == NULL)
      return FALSE;
  return TRUE;
}

const AakLintRule *
aak_lint_rules_word (const GPtrArray *rules, AakPolicyRuleClass class, const char *word,
                     const char *peer)
{
  const AakLintRule *found = NULL;
  for (guint i = 0; i < rules->len; i++)
    {
      const AakLintRule *rule = rules->pdata[i];
      if (rule->rule->class != class || rule->rule->deny
          || !aak_lint_rule_is_about (rule->rule, word)
          || (rule->glob != NULL
              && (peer == NULL || !aak_policy_glob_match (rule->glob, peer, strlen (peer)))))
        continue;
      if (found == NULL || (found->text->included && !rule->text->included))
        found = rule;
    }
  return found;
}
