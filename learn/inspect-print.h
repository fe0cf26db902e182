/* SPDX-License-Identifier: GPL-2.0-or-later
 * An inspection for people and programs. */
#pragma once

#include "learn/pod-security.h"
#include "lib/cli.h"

/* Prints the containers of @inspection side by side, judged up to @level, what to set where one
 * fails, and the tasks that differ from their container's first. On a terminal no line is longer
 * than it is wide. */
void aak_inspect_print_text (AakCli *cli, const AakInspection *inspection, AakLevel level);

/* The same as one document, aakit/inspect/1. */
void aak_inspect_print_json (AakCli *cli, const AakInspection *inspection, AakLevel level);
