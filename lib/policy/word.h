/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Where the words of policy text end: what stands for one name or one condition, with the braces,
 * commas, quotes and blanks that belong to it. */
#pragma once

#include "lib/policy/lexer.h"

/* Each finds the end of the word that begins at @at, where there is neither blank nor newline, and
 * sets *@out_end. INVALID where no word begins there, or it cannot be told where it ends. */

/* A name or a value: quoted, or up to what cannot be in one. A comma belongs to it where another
 * byte of it follows. */
gboolean aak_policy_word_value (const AakPolicyLexer *lexer, gsize at, gsize *out_end,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Any word of a rule: a keyword, a permission, a name, "(a list)", "key=value", "->". */
gboolean aak_policy_word_next (const AakPolicyLexer *lexer, gsize at, gsize *out_end,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where a variable is given a value at @at ("@{X} = a b"): TRUE, and where the values begin. */
gboolean aak_policy_word_assigns (const AakPolicyLexer *lexer, gsize at, gsize *out_values);

/* Where the file of an include begins, behind "include" or "#include" at @at and "if exists"; 0
 * where there is no include. The parser takes every comment that begins with #include for one. */
gsize aak_policy_word_include (const AakPolicyLexer *lexer, gsize at);

/* The first byte from @at on that is not one of @space. */
gsize aak_policy_word_skip (const AakPolicyLexer *lexer, gsize at, const char *space);
