/* SPDX-License-Identifier: GPL-2.0-or-later
 * One run in two states: what both say of it as one, whichever comes first. */
#pragma once

#include "learn/observations.h"

/* How what is added compares with what was there. */
typedef struct
{
  gboolean adds;  /* it has more */
  gboolean lacks; /* it has less */
} AakJoin;

/* Makes *@into the greater of the two, and notes in @join which it was. */
void aak_join_count (guint64 *into, guint64 from, AakJoin *join);

/* Joins what @from says of itself to @into, which has the same id; what the run saw comes with the
 * accesses. Counts become the greater ones, and what went wrong in any of the two did; the position
 * becomes that of the later checkpoint, and none where one of the two ended. */
void aak_run_join (AakRun *into, const AakRun *from, AakJoin *join);
