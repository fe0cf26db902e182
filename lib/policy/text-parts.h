/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The parts of a policy text: shared by the files that read it. */
#pragma once

#include "lib/policy/text.h"

/* A text without anything in it; takes @source. */
AakPolicyText *aak_policy_text_empty (AakPolicySource *source);

/* The profile, child or hat that @header opens within @parent (or NULL), without its places. */
AakPolicyTextProfile *aak_policy_text_profile_new (const AakPolicyLexer *lexer,
                                                   const AakStatement *header,
                                                   const AakPolicyTextProfile *parent);

/* Notes the variable that the statement at @place gives the values from the offset @values on. */
void aak_policy_text_assign (AakPolicyText *text, const AakPolicyLexer *lexer, AakPolicyPlace place,
                             gsize values, gboolean included);

/* Notes the variables that what is at @place uses. */
void aak_policy_text_note_uses (AakPolicyText *text, AakPolicyPlace place, AakPolicyPlace own);
