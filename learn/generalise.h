/* SPDX-License-Identifier: GPL-2.0-or-later
 * From observations to rules: pure, no clock, the same observations give the same rules. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* The rules that allow everything in @observations, and what its widened forms admit beyond. With
 * @exact nothing is widened. */
AakProfile *aak_generalise (const AakObservations *observations, gboolean exact);

/* The same. *@out_rule_of gets, for each access in the order of aak_observations_sorted(), the rule
 * that stands for it (AakRule*, the profile's own); the array belongs to the caller. */
AakProfile *aak_generalise_traced (const AakObservations *observations, gboolean exact,
                                   GPtrArray **out_rule_of);
