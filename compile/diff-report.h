/* SPDX-License-Identifier: GPL-2.0-or-later
 * Differences for people and for programs. */
#pragma once

#include "compile/profile-diff.h"
#include "compile/rule-places.h"
#include "lib/cli.h"

typedef struct
{
  const char *before, *after; /* as they were named */
  const GPtrArray *diffs;     /* AakProfileDiff */
  const char *tree;           /* or NULL */
  guint most;                 /* lines of one class and direction in the text */
  AakRulePlaces *places;
} AakDiffReport;

/* Where the rules stand that make the difference @excess of @diff, which is on the side @gained:
 * *@out_allowed in the profile that allows it, *@out_denied in the other. The source of a place is
 * NULL where there is none, or it is not known. */
void aak_diff_report_places (const AakDiffReport *report, const AakProfileDiff *diff,
                             const AakExcess *excess, gboolean gained, AakPolicyPlace *out_allowed,
                             AakPolicyPlace *out_denied);

/* On stdout: lines that begin with - for what only the old side allows and + for the new one's,
 * under the profile and the class. */
void aak_diff_print_text (AakCli *cli, const AakDiffReport *report);

/* On stdout: the document "aakit/policy-diff/1", with all that was found. */
void aak_diff_print_json (AakCli *cli, const AakDiffReport *report);
