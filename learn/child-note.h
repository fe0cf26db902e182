/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is to be said of the programs of a label that was learned with children. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* Notes which of them another recording could tell apart, and which none can. */
void aak_child_note (AakCli *cli, const AakObservations *whole);
