/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a state and its rules tell, for a page. */
#pragma once

#include "learn/evidence.h"
#include "lib/report/report.h"

/* Adds the rules with what they rest on, the recordings, the capabilities, the system calls and the
 * growth of @evidence to @part, which is empty. @state: the file's name, for the commands that
 * allow what waits for review. */
void aak_report_evidence_add (AakReportPart *part, const AakEvidence *evidence, const char *state);
