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

/* What of AAK_REPORT_READ, WRITE and EXEC the permissions @perms (AAK_MAY_*) stand for. */
guint aak_policy_facts_access (guint32 perms);

/* A profile without rules, for the following: text to compile, in which it is called "nothing". */
#define AAK_POLICY_FACTS_NOTHING "profile nothing {\n}\n"
/* Adds what @profile allows beyond @nothing, such a profile, to @rules (AakReportRule), as rules
 * would tell it. *@out_all: FALSE where there are more. An error as of aak_policy_excess(). */
gboolean aak_policy_facts_add_rules (GPtrArray *rules, const AakPolicyProfile *profile,
                                     const AakPolicyProfile *nothing, gboolean *out_all,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds where the programs lead to that the rules of @part name, and not as a pattern. */
void aak_policy_facts_add_programs (AakReportPart *part, const AakPolicySet *set,
                                    const AakPolicyProfile *profile);
