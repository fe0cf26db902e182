/* SPDX-License-Identifier: GPL-2.0-or-later
 * Prints what one side allows beyond the other, for people and for programs. */
#pragma once

#include "learn/rule-diff.h"
#include "lib/cli.h"
#include "lib/policy/excess.h"

/* The rules of @only_a behind - and of @only_b behind + (of AakRuleExcess), class by class. @paths:
 * of both sides. */
void aak_diff_print_rules_text (AakCli *cli, char *const *paths, const GArray *only_a,
                                const GArray *only_b);

/* The same as the document "aakit/diff/1". */
void aak_diff_print_rules_json (AakCli *cli, char *const *paths, const GArray *only_a,
                                const GArray *only_b);

/* What was found in compiled policy (of AakExcess), in the same way. */
void aak_diff_print_compiled_text (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);

void aak_diff_print_compiled_json (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);
