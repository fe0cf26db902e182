/* SPDX-License-Identifier: GPL-2.0-or-later
 * The rules of a profile with their patterns compiled. */
#pragma once

#include "lib/policy/glob.h"
#include "lib/policy/text.h"

typedef struct
{
  const AakPolicyTextRule *text;
  const AakPolicyRule *rule;
  AakPolicyGlob *glob; /* of the path, or of the peer; NULL: none, or cannot be told */
  gboolean told;       /* what it says is known */
} AakLintRule;

/* The rules of @profile, in their order (AakLintRule; the caller drops the array). */
GPtrArray *aak_lint_rules_new (const AakPolicyText *text, const AakPolicyTextProfile *profile);

/* TRUE where @rule has @word, or no word that narrows it; @word: NULL for none. */
gboolean aak_lint_rule_is_about (const AakPolicyRule *rule, const char *word);

/* The rule of @rules that by itself allows @perms with the file @path, one of the text itself
 * rather than of what it includes; NULL where none does. Rules for owners do not count. */
const AakLintRule *aak_lint_rules_file (const GPtrArray *rules, const char *path, guint32 perms);

/* The rule of @class that most likely allows what has the word @word (NULL: none) with a peer of
 * the label @peer (NULL: of a class without peers): it has that word or none at all. NULL where
 * there is none. */
const AakLintRule *aak_lint_rules_word (const GPtrArray *rules, AakPolicyRuleClass class,
                                        const char *word, const char *peer);
