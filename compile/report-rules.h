/* SPDX-License-Identifier: GPL-2.0-or-later
 * The rules of a profile for a page, as its text has them. */
#pragma once

#include "lib/policy/set.h"
#include "lib/policy/text.h"
#include "lib/report/report.h"

/* Adds the rules of @profile of @text with their places, and what the programs that they name lead
 * to, asked of @compiled of @set where a rule names one program. */
void aak_report_rules_add_text (AakReportPart *part, const AakPolicyTextProfile *profile,
                                const AakPolicySet *set, const AakPolicyProfile *compiled);
