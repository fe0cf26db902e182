/* SPDX-License-Identifier: GPL-2.0-or-later
 * What compiled policy says of a state, for a page. */
#pragma once

#include "learn/diff-input.h"
#include "learn/evidence.h"
#include "lib/report/report.h"

/* What a page about a state takes beside it; each may be NULL. */
typedef struct
{
  const char *state;   /* its file, as it was named */
  const char *profile; /* a profile text that is to be judged in the place of the learned one */
  const char *against; /* an older state or text */
  const char *rootfs;  /* of the container */
  gboolean exact;
  AakAbi abi;
} AakReportPolicyOptions;

/* Compiles the profile and asks it: exposures, capabilities, files, programs; with another profile
 * also what of @evidence it denies, and how it differs; and what changed since an older one. That
 * nothing here can compile is no error, and the page says so. */
gboolean aak_report_policy_add (AakReportPart *part, const AakEvidence *evidence,
                                const AakReportPolicyOptions *options,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
