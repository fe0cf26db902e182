/* SPDX-License-Identifier: LGPL-2.1-or-later
 * One rule of policy text (apparmor.d(5)), taken apart into words. */
#pragma once

#include "lib/policy/lexer.h"

typedef enum
{
  AAK_POLICY_RULE_FILE,
  AAK_POLICY_RULE_LINK,
  AAK_POLICY_RULE_CAPABILITY,
  AAK_POLICY_RULE_NETWORK,
  AAK_POLICY_RULE_SIGNAL,
  AAK_POLICY_RULE_PTRACE,
  AAK_POLICY_RULE_MOUNT, /* also remount, umount and pivot_root: the word is the first */
  AAK_POLICY_RULE_CHANGE_PROFILE,
  AAK_POLICY_RULE_ABI,
  AAK_POLICY_RULE_ALIAS,
  AAK_POLICY_RULE_OTHER, /* of a class that needs no reading here; the first word tells it */
} AakPolicyRuleClass;

/* A word that is neither a qualifier nor said by a member below. "set=(hup term)" is two of the key
 * "set", "(send, receive)" two without a key. */
typedef struct
{
  char *key; /* or NULL */
  char *value;
} AakPolicyRuleWord;

typedef struct
{
  AakPolicyRuleClass class;
  gboolean audit, deny, owner;
  gboolean odd;     /* it has words that this reader does not know: what it says cannot be told */
  char *path;       /* of a file rule or the name of a link: a pattern, variables as written */
  guint32 perms;    /* of a file rule: AAK_MAY_* that its letters r w a x k l m stand for */
  char *exec;       /* of a file rule: the letters of its transition ("Px"), or NULL */
  char *target;     /* behind an arrow, or NULL */
  GPtrArray *words; /* of AakPolicyRuleWord, in their order */
  char *text;       /* all words behind the qualifiers, as they are written, a blank between them */
} AakPolicyRule;

/* Takes apart the rule @statement of @lexer's text, which is no include and no variable. INVALID
 * where a word of it has no end. Free with aak_policy_rule_free(). */
AakPolicyRule *aak_policy_rule_new (const AakPolicyLexer *lexer, const AakStatement *statement,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_rule_free (AakPolicyRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyRule, aak_policy_rule_free)

/* Sets the qualifiers ("audit", "deny", "owner") that are among the @len bytes of @words, which may
 * stand in front of a body. */
void aak_policy_rule_qualify (AakPolicyRule *rule, const char *words, gsize len);

/* The name or value that the @len bytes at @text stand for: without its quotes, and escapes as the
 * parser's scanner leaves them. NULL where an escape cannot be told. The caller frees it. */
char *aak_policy_rule_value (const char *text, gsize len);

/* TRUE where it has a word of that key (NULL: none) and value. */
gboolean aak_policy_rule_has (const AakPolicyRule *rule, const char *key, const char *value);

/* TRUE where both have the same qualifiers and words, in whatever spacing. */
gboolean aak_policy_rule_equal (const AakPolicyRule *a, const AakPolicyRule *b);
