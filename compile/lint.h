/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looks for what is wrong with a policy text: one function for each kind of look. */
#pragma once

#include "compile/finding.h"
#include "lib/policy/set.h"
#include "lib/policy/text.h"

typedef struct
{
  const AakPolicyText *text;
  gboolean compiled;       /* the text compiles, for one feature set at least */
  const AakPolicySet *set; /* the text, compiled; NULL: nothing is asked of it (any more) */
  gboolean host;           /* no profile is for a pod */
  GPtrArray *findings;     /* what is found is added here (compile/finding.h) */
} AakLint;

/* All that is looked for in the text itself, and all that the compiled policy is asked. */
void aak_lint_text (const AakLint *lint);
void aak_lint_policy (const AakLint *lint);

/* What the headers say, the abi, and the variables. */
void aak_lint_headers (const AakLint *lint);
void aak_lint_variables (const AakLint *lint);

/* What every pod needs (profiles/runtime.yaml), asked of the compiled policy. */
void aak_lint_runtime (const AakLint *lint);

/* What the compiled policy allows that hardly any program needs: with files, and otherwise. */
void aak_lint_files (const AakLint *lint);
void aak_lint_breadth (const AakLint *lint);

/* Rules that others make needless or useless. */
void aak_lint_cover (const AakLint *lint);

/* --- when all texts are looked at ------------------------------------------------------------- */

/* Two profiles of one name in the texts of @lints (of AakLint); told of the later one. */
void aak_lint_duplicates (const GPtrArray *lints);

/* Applies the silences in the text's comments, and adds what is wrong with them. */
void aak_lint_silences (const AakLint *lint);

/* --- for the looks ---------------------------------------------------------------------------- */

/* TRUE where a pod may be meant to wear the profile: no program attaches to it. */
gboolean aak_lint_is_for_pods (const AakLint *lint, const AakPolicyTextProfile *profile);

/* Calls @look for every profile of the text itself that is compiled, of a name that is told. */
typedef void (*AakLintFunc) (const AakLint *lint, const AakPolicyTextProfile *profile,
                             const AakPolicyProfile *compiled);
void aak_lint_each (const AakLint *lint, AakLintFunc look);
