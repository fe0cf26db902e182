/* SPDX-License-Identifier: GPL-2.0-or-later
 * The union of observations: what two nodes, or two runs, saw of one label. */
#pragma once

#include "learn/observations.h"

/* The same run; the caller owns it. */
AakRun *aak_run_copy (const AakRun *run);

#define AAK_RUN_LEFT_OUT G_MAXUINT

/* The same access, with the sightings of run i under the number @index_of_run[i], or without them
 * where that is AAK_RUN_LEFT_OUT; the caller owns it. */
AakObservation *aak_observation_renumber (const AakObservation *observation,
                                          const guint *index_of_run);

/* Adds to @into every run of @from that it does not hold yet, with what that run saw. Commutative,
 * associative and idempotent in what the state file then says: a run counts once. */
void aak_merge (AakObservations *into, const AakObservations *from);
