/* SPDX-License-Identifier: GPL-2.0-or-later
 * From observations to rules: pure, no clock, the same observations give the same rules. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* The rules that allow everything in @observations, and what its widened forms admit beyond. With
 * @exact nothing is widened. */
AakProfile *aak_generalise (const AakObservations *observations, gboolean exact);
