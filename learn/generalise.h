/* SPDX-License-Identifier: GPL-2.0-or-later
 * From observations to rules: pure, no clock, the same observations give the same rules. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* The rules that allow everything in @observations, and what its widened forms admit beyond. With
 * @exact nothing is widened. */
AakProfile *aak_generalise (const AakObservations *observations, gboolean exact);

/* That @access is one of those that @rule stands for. */
typedef struct
{
  const AakObservation *access;
  AakRule *rule; /* the profile's own */
} AakTrace;

/* The same. *@out_trace gets which rules stand for which accesses (AakTrace), in the order of
 * aak_observations_sorted(); an access may need several rules. Where children did accesses, they
 * are those of aak_child_fold(), which the profile owns. The array belongs to the caller. */
AakProfile *aak_generalise_traced (const AakObservations *observations, gboolean exact,
                                   GArray **out_trace);

/* The same for a part of @whole, a child's: what is known of paths, such as that the application
 * makes them, is known from the whole, which has no children (aak_child_fold()). */
AakProfile *aak_generalise_part (const AakObservations *part, const AakObservations *whole,
                                 gboolean exact, GArray **out_trace);
