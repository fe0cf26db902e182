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

/* A union that grows state by state, of one label. In what the state file then says it is
 * commutative, associative and idempotent: a run that is in several states counts once.
 *
 * A run that has not ended (learn/position.h) may be there as several checkpoints; what each of
 * them saw is in the union. One that ended does not change any more: a state in which it has more,
 * or other, than in another one is damaged or forged, and which of the two it is nobody can tell,
 * so that the union is refused. Masks belong to an access and not to a run, and are joined. */
typedef struct AakMerge AakMerge;

AakMerge *aak_merge_new (const char *label);
void aak_merge_free (AakMerge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakMerge, aak_merge_free)

/* Adds @from, which is of the same label; @name says in messages where it is from. INVALID where it
 * contradicts what was added before. What is beyond the bounds of observations.h: TOO_LARGE where
 * @out_over_limit is NULL; else it is counted there and in the run (over_limit), as it is while
 * recording. After an error the union can only be freed. */
gboolean aak_merge_add (AakMerge *merge, const char *name, const AakObservations *from,
                        guint64 *out_over_limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without a copy: @from can only be freed afterwards. Nothing may be beyond the bounds. */
gboolean aak_merge_take (AakMerge *merge, const char *name, AakObservations *from,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The union so far; the merge owns it. */
const AakObservations *aak_merge_result (const AakMerge *merge);
/* The union; the caller owns it, and the merge can only be freed. */
AakObservations *aak_merge_end (AakMerge *merge);
