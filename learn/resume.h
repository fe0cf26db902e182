/* SPDX-License-Identifier: GPL-2.0-or-later
 * A recording that was killed has a position in its state, and one that ended has none: the next
 * one of the same node and boot goes on with it, as if nothing had happened. */
#pragma once

#include "learn/observations.h"
#include "learn/run-stamp.h"

/* The newest run in @states (AakObservations*, or NULL) that was killed on this node in this boot;
 * NULL where there is none. */
const AakRun *aak_resume_find (GPtrArray *states, const AakRunStamp *stamp);

/* Moves what the recording @run, which may be another label's run of it, saw out of @state into run
 * 0 of @into. Returns the rest of @state (the caller frees it), or NULL where @state has no part in
 * the recording. */
AakObservations *aak_resume_move (const AakObservations *state, const AakRun *run,
                                  AakObservations *into);
