/* SPDX-License-Identifier: GPL-2.0-or-later
 * Profiles that were named, as the parts of a page. */
#pragma once

#include "lib/policy/open.h"
#include "lib/report/report.h"

/* What a page about profiles takes; all but @where may be NULL. */
typedef struct
{
  const AakPolicyOpen *where;
  const char *only;    /* the name of the profile that is wanted */
  const char *rootfs;  /* of the container */
  const char *against; /* older policy */
} AakReportPartsOptions;

/* Adds the profiles of the policy @path, and what changed since older ones, to @parts
 * (AakReportPart). Errors as of aak_policy_open_each(), and NOT_FOUND where there is none of the
 * name. */
gboolean aak_report_parts_add (GPtrArray *parts, const char *path,
                               const AakReportPartsOptions *options,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
