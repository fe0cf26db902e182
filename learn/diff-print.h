/* SPDX-License-Identifier: GPL-2.0-or-later
 * Prints what one compiled side allows beyond the other, for people and for programs. */
#pragma once

#include "lib/cli.h"
#include "lib/policy-excess.h"

/* The lines of @only_a behind - and of @only_b behind + (of AakExcess), class by class. @paths: of
 * both sides. */
void aak_diff_print_compiled_text (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);

/* The same as the document "aakit/diff/1". */
void aak_diff_print_compiled_json (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                                   const GPtrArray *only_b);
