/* SPDX-License-Identifier: GPL-2.0-or-later
 * Telling what came of a merge. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* What came of one label. */
typedef struct
{
  const AakObservations *sum;
  guint states;
  guint incomplete; /* runs that lost something, or that do not know */
  guint left_out;   /* runs that saw more than the bounds of observations.h let them keep */
  char *path;       /* where it goes; NULL: standard output */
  GBytes *yaml;
} AakMergeOutcome;

/* Frees what an outcome (AakMergeOutcome) owns: path and yaml. */
void aak_merge_outcome_clear (gpointer outcome);

/* Prints the @outcomes (AakMergeOutcome), as text or JSON; on stderr where the state itself goes to
 * standard output. */
void aak_merge_tell (AakCli *cli, GArray *outcomes);
