/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What compiled policy says, for a page: asked, not read off its text. */
#pragma once

#include "lib/policy/set.h"
#include "lib/report/report.h"

/* Asks @profile of @set for its mode, for all capabilities, and what it leaves open on a kernel
 * that mediates @kernel. An error where the table of exposures asks what is no question. */
gboolean aak_policy_facts_add (AakReportPart *part, const AakPolicySet *set,
                               const AakPolicyProfile *profile, const AakScoreKernel *kernel,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts every file below the directory @root, which the application has as its /, in the tree of
 * @part. *@out_skipped: places that could not be read. An error where @root cannot be. */
gboolean aak_policy_facts_add_tree (AakReportPart *part, const AakPolicyProfile *profile,
                                    const char *root, guint64 *out_skipped,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of one file, which the application has as @path. */
void aak_policy_facts_add_path (AakReportPart *part, const AakPolicyProfile *profile,
                                const char *path);

/* Adds where the exec of @program leads to, which was seen @events times. */
void aak_policy_facts_add_exec (AakReportPart *part, const AakPolicySet *set,
                                const AakPolicyProfile *profile, const char *program,
                                guint64 events);
