/* SPDX-License-Identifier: GPL-2.0-or-later
 * A status for people and programs. */
#pragma once

#include "lib/cli.h"
#include "register/status.h"

/* Prints @rows (of AakStatusRow, some of those of @status) with who wears them and who wants them,
 * and the counts of all; on a terminal no line is longer than it is wide. */
void aak_status_print_text (AakCli *cli, const AakStatus *status, const GPtrArray *rows);

/* The same as one document, aakit/status/1. */
void aak_status_print_json (AakCli *cli, const AakStatus *status, const GPtrArray *rows);
