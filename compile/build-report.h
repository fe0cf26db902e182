/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a build tells: as text, and as JSON. */
#pragma once

#include "compile/build-job.h"
#include "lib/cli.h"

typedef struct
{
  GPtrArray *jobs;    /* of AakBuildJob */
  const char *output; /* the bundle */
  gboolean written;   /* the bundle is as the jobs say; FALSE: it stays as it was */
  gboolean changed;   /* it was not so before */
} AakBuildReport;

/* The warnings of all jobs, on stderr. */
void aak_build_report_warnings (AakCli *cli, GPtrArray *jobs);

/* A line for each profile, where the bundle changed, and one that sums up. */
void aak_build_report_text (AakCli *cli, const AakBuildReport *report);

/* The line of a build that has nothing to change in the bundle @output of @compiled profiles. */
void aak_build_report_current (AakCli *cli, const char *output, guint64 compiled);

/* The document "aakit/build/1", also of a build that failed. */
void aak_build_report_json (AakCli *cli, const AakBuildReport *report);
