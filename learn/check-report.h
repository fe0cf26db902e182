/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a check found, as text or as JSON. */
#pragma once

#include "learn/check-log.h"
#include "learn/coverage.h"

/* One label that was asked for. Nothing here is owned. */
typedef struct
{
  const AakObservations *observations;
  const AakCheckLog *log; /* where they were read from; NULL: a state */
  GArray *coverage;       /* AakCoverage */
} AakCheckedLabel;

/* Prints @labels (AakCheckedLabel), which were asked of @policy (its name): the accesses that are
 * not allowed or could not be asked, by class, and the numbers. TRUE where there is a finding: one
 * of those, or events of which no access was made. @but_review: what a learned profile would hold
 * back for review, since nobody allowed it, is listed and is no finding. */
gboolean aak_check_report (AakCli *cli, const char *policy, const GArray *labels,
                           gboolean but_review);
