/* SPDX-License-Identifier: GPL-2.0-or-later
 * A recording that was killed has a position in its state, and one that ended has none: the next
 * one of the same node and boot goes on with it, as if nothing had happened. */
#pragma once

#include "learn/observations.h"
#include "learn/run-stamp.h"

/* The states in directory @dir that hold a run which was killed (AakObservations*, owned by the
 * array). What is no state, or damaged, is left out. */
GPtrArray *aak_resume_scan (const char *dir);

/* The newest run in @state that was killed on this node in this boot; NULL where there is none. */
const AakRun *aak_resume_find (const AakObservations *state, const AakRunStamp *stamp);

/* TRUE where @state has a part in the recording @run, which may be another label's run of it. */
gboolean aak_resume_has (const AakObservations *state, const AakRun *run);

/* Moves what the recording @run saw out of @state, which has a part in it, into run 0 of @into.
 * Returns the rest of @state; the caller frees it. */
AakObservations *aak_resume_move (const AakObservations *state, const AakRun *run,
                                  AakObservations *into);
