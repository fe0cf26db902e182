/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the forms of a report have in common. */
#include "config.h"

#include "compile/diff-report.h"

void
aak_diff_report_places (const AakDiffReport *report, const AakProfileDiff *diff,
                        const AakExcess *excess, gboolean gained, AakPolicyPlace *out_allowed,
                        AakPolicyPlace *out_denied)
{
  const AakPolicyProfile *profiles[] = { diff->before, diff->after };
  const char *paths[] = { diff->before_path, diff->after_path };
  guint side = gained ? 1 : 0;
  *out_allowed = *out_denied = (AakPolicyPlace){ .source = NULL };
  if (excess->kind != AAK_EXCESS_ALLOWED)
    return;
  aak_rule_places_find (report->places, paths[side], profiles[side]->name, excess, FALSE,
                        out_allowed);
  aak_rule_places_find (report->places, paths[1 - side], profiles[1 - side]->name, excess, TRUE,
                        out_denied);
}
