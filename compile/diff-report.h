/* SPDX-License-Identifier: GPL-2.0-or-later
 * Differences for people and for programs. */
#pragma once

#include "compile/profile-diff.h"
#include "lib/cli.h"

typedef struct
{
  const char *before, *after; /* as they were named */
  const GPtrArray *diffs;     /* AakProfileDiff */
  const char *tree;           /* or NULL */
  guint most;                 /* lines of one class and direction in the text */
} AakDiffReport;

/* On stdout: lines that begin with - for what only the old side allows and + for the new one's,
 * under the profile and the class. */
void aak_diff_print_text (AakCli *cli, const AakDiffReport *report);

/* On stdout: the document "aakit/policy-diff/1", with all that was found. */
void aak_diff_print_json (AakCli *cli, const AakDiffReport *report);
