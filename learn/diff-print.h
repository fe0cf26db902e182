/* SPDX-License-Identifier: GPL-2.0-or-later
 * Prints what one side allows beyond the other, for people and for programs. */
#pragma once

#include "learn/rule-diff.h"
#include "lib/cli.h"
#include "lib/policy/excess.h"

/* What one side has beyond the other. */
typedef struct
{
  const GArray *rules;       /* AakRuleExcess */
  const GPtrArray *security; /* AakSecurityItem (learn/security-diff.h); NULL: none */
} AakDiffSide;

/* What @a has behind - and @b behind +, class by class. @paths: of both. */
void aak_diff_print_rules_text (AakCli *cli, char *const *paths, const AakDiffSide *a,
                                const AakDiffSide *b);

/* The same as the document "aakit/diff/1". */
void aak_diff_print_rules_json (AakCli *cli, char *const *paths, const AakDiffSide *a,
                                const AakDiffSide *b);

/* TRUE where it has nothing. */
gboolean aak_diff_side_is_empty (const AakDiffSide *side);

/* What was found in compiled policy (of AakExcess), in the same way. */
void aak_diff_print_compiled_text (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);

void aak_diff_print_compiled_json (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);
