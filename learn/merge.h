/* SPDX-License-Identifier: GPL-2.0-or-later
 * The union of observations: what two nodes, or two runs, saw of one label. */
#pragma once

#include "learn/observations.h"

/* The same run; the caller owns it. */
AakRun *aak_run_copy (const AakRun *run);

/* Adds to @into every run of @from that it does not hold yet, with what that run saw. Commutative,
 * associative and idempotent in what the state file then says: a run counts once. */
void aak_merge (AakObservations *into, const AakObservations *from);
