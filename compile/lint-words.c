/* SPDX-License-Identifier: GPL-2.0-or-later
 * The words of rules, compared. */
#include "config.h"

#include "compile/lint-words.h"

#include "lib/policy/names.h"
#include "lib/policy/perms.h"

#include <string.h>

static const AakPolicyRuleWord *
word_at (const AakPolicyRule *rule, guint index)
{
  return rule->words->pdata[index];
}

/* TRUE where @outer has all words of @inner with the key @key. */
static gboolean
has_all (const AakPolicyRule *outer, const AakPolicyRule *inner, const char *key)
{
  for (guint i = 0; i < inner->words->len; i++)
    if (g_strcmp0 (word_at (inner, i)->key, key) == 0
        && !aak_policy_rule_has (outer, key, word_at (inner, i)->value))
      return FALSE;
  return TRUE;
}

static gboolean
has_key (const AakPolicyRule *rule, const char *key)
{
  for (guint i = 0; i < rule->words->len; i++)
    if (g_strcmp0 (word_at (rule, i)->key, key) == 0)
      return TRUE;
  return FALSE;
}

/* TRUE where it has a family, maybe a type, and nothing else. */
static gboolean
is_plain_network (const AakPolicyRule *rule)
{
  guint number = 0;
  if (rule->words->len == 0 || rule->words->len > 2 || word_at (rule, 0)->key != NULL
      || !aak_policy_family_number (word_at (rule, 0)->value, &number))
    return FALSE;
  return rule->words->len == 1
         || (word_at (rule, 1)->key == NULL
             && aak_policy_socket_type_number (word_at (rule, 1)->value, &number));
}

/* Unix sockets have rules of their own, which a rule for all families may not stand for. */
static gboolean
network_covers (const AakPolicyRule *outer, const AakPolicyRule *inner)
{
  if (!is_plain_network (inner))
    return FALSE;
  if (outer->words->len == 0)
    return strcmp (word_at (inner, 0)->value, "unix") != 0;
  return is_plain_network (outer) && outer->words->len <= inner->words->len
         && strcmp (word_at (outer, 0)->value, word_at (inner, 0)->value) == 0
         && (outer->words->len == 1
             || strcmp (word_at (outer, 1)->value, word_at (inner, 1)->value) == 0);
}

/* What the words for accesses ask for; all where there is none, 0 where one is not known. */
static guint32
access_mask (const AakPolicyRule *rule)
{
  static const struct
  {
    AakPolicyRuleClass class;
    const char *word;
    guint32 mask;
  } known[] = {
    { AAK_POLICY_RULE_SIGNAL, "send", AAK_MAY_SIGNAL_SEND },
    { AAK_POLICY_RULE_SIGNAL, "w", AAK_MAY_SIGNAL_SEND },
    { AAK_POLICY_RULE_SIGNAL, "write", AAK_MAY_SIGNAL_SEND },
    { AAK_POLICY_RULE_SIGNAL, "receive", AAK_MAY_SIGNAL_RECEIVE },
    { AAK_POLICY_RULE_SIGNAL, "r", AAK_MAY_SIGNAL_RECEIVE },
    { AAK_POLICY_RULE_SIGNAL, "read", AAK_MAY_SIGNAL_RECEIVE },
    { AAK_POLICY_RULE_SIGNAL, "rw", AAK_MAY_SIGNAL_SEND | AAK_MAY_SIGNAL_RECEIVE },
    { AAK_POLICY_RULE_PTRACE, "trace", AAK_MAY_PTRACE_TRACE },
    { AAK_POLICY_RULE_PTRACE, "w", AAK_MAY_PTRACE_TRACE },
    { AAK_POLICY_RULE_PTRACE, "read", AAK_MAY_PTRACE_READ },
    { AAK_POLICY_RULE_PTRACE, "r", AAK_MAY_PTRACE_READ },
    { AAK_POLICY_RULE_PTRACE, "rw", AAK_MAY_PTRACE_TRACE | AAK_MAY_PTRACE_READ },
    { AAK_POLICY_RULE_PTRACE, "tracedby", AAK_MAY_PTRACE_TRACED_BY },
    { AAK_POLICY_RULE_PTRACE, "readby", AAK_MAY_PTRACE_READ_BY },
  };
  guint32 mask = 0;
  for (guint i = 0; i < rule->words->len; i++)
    {
      guint32 bits = 0;
      for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
        if (known[k].class == rule->class && strcmp (known[k].word, word_at (rule, i)->value) == 0)
          bits = known[k].mask;
      if (word_at (rule, i)->key == NULL && bits == 0)
        return 0;
      mask |= word_at (rule, i)->key == NULL ? bits : 0;
    }
  return mask != 0 ? mask : G_MAXUINT32;
}

/* TRUE where no word has another key than set and peer. */
static gboolean
has_known_keys (const AakPolicyRule *rule)
{
  for (guint i = 0; i < rule->words->len; i++)
    {
      const char *key = word_at (rule, i)->key;
      if (key != NULL && strcmp (key, "set") != 0 && strcmp (key, "peer") != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
ipc_covers (const AakPolicyRule *outer, const AakPolicyRule *inner)
{
  guint32 wide = access_mask (outer), narrow = access_mask (inner);
  if (wide == 0 || narrow == 0 || (narrow & ~wide) != 0 || !has_known_keys (outer)
      || !has_known_keys (inner))
    return FALSE;
  return !has_key (outer, "set") || (has_key (inner, "set") && has_all (outer, inner, "set"));
}

gboolean
aak_lint_words_cover (const AakPolicyRule *outer, const AakPolicyRule *inner)
{
  switch (outer->class)
    {
    case AAK_POLICY_RULE_CAPABILITY:
      return outer->words->len == 0 || (inner->words->len > 0 && has_all (outer, inner, NULL));
    case AAK_POLICY_RULE_NETWORK:
      return network_covers (outer, inner);
    case AAK_POLICY_RULE_SIGNAL:
    case AAK_POLICY_RULE_PTRACE:
      return ipc_covers (outer, inner);
    case AAK_POLICY_RULE_FILE:
    case AAK_POLICY_RULE_LINK:
    case AAK_POLICY_RULE_MOUNT:
    case AAK_POLICY_RULE_CHANGE_PROFILE:
    case AAK_POLICY_RULE_ABI:
    case AAK_POLICY_RULE_ALIAS:
    case AAK_POLICY_RULE_OTHER:
      return FALSE;
    }
  return FALSE;
}
