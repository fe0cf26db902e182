/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a check tells: as text, as JSON, and as SARIF. */
#pragma once

#include "compile/check.h"
#include "lib/cli.h"

/* As a compiler does: FILE:LINE:COLUMN: severity: what [id], the line with a mark below it, the
 * reason and a hint; then a line that sums up. Silenced findings where
 * @silenced. */
void aak_check_report_text (AakCli *cli, const AakCheck *check, gboolean silenced);

/* The document "aakit/check/1". */
void aak_check_report_json (AakCli *cli, const AakCheck *check);

/* A document of SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format). */
void aak_check_report_sarif (AakCli *cli, const AakCheck *check);

/* All findings that there are, as a table or as the document "aakit/findings/1". */
void aak_check_report_kinds (AakCli *cli);
