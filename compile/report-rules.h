/* SPDX-License-Identifier: GPL-2.0-or-later
 * The rules of a profile for a page: as its text has them, or as they can be read back from
 * compiled policy. */
#pragma once

#include "lib/policy/set.h"
#include "lib/policy/text.h"
#include "lib/report/report.h"

/* Adds the rules of @profile of @text with their places, and what the programs that they name lead
 * to, asked of @compiled of @set where a rule names one program. */
void aak_report_rules_add_text (AakReportPart *part, const AakPolicyTextProfile *profile,
                                const AakPolicySet *set, const AakPolicyProfile *compiled);

/* Adds what @compiled allows beyond @nothing, a profile without rules, as rules would tell it. An
 * error as of aak_policy_excess(). */
gboolean aak_report_rules_add_compiled (AakReportPart *part, const AakPolicySet *set,
                                        const AakPolicyProfile *compiled,
                                        const AakPolicyProfile *nothing,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
