/* SPDX-License-Identifier: GPL-2.0-or-later
 * How an access of each class is asked: shared by the files that ask. */
#pragma once

#include "learn/coverage.h"
#include "lib/policy/names.h"

/* What an access is asked of. */
typedef struct
{
  const AakPolicySet *set;
  const AakPolicyProfile *profile;
  const AakObservation *access;
} AakCoverageQuestion;

/* What is in the way of a question. */
#define AAK_COVERAGE_NO_NUMBER     "no number is known for its name"
#define AAK_COVERAGE_NO_PERMISSION "it has no permission of its class"
#define AAK_COVERAGE_NO_DETAILS    "its details are not those of its class"

/* The verdict where @why (static) is in the way. */
AakCoverage aak_coverage_not_asked (const char *why);

/* The bits AAK_MAY_* of the AakPerm bits @perms of an access, which both sides spell alike. FALSE
 * where there is none, or one that @words has not. */
gboolean aak_coverage_perms (AakPermWords words, guint perms, guint32 *out_request);

/* The verdict of @answer, whose permissions are spelled with @words. */
AakCoverage aak_coverage_judge (AakAnswer answer, AakPermWords words);

/* The verdict on an access both of whose parts must be allowed. */
AakCoverage aak_coverage_join (AakCoverage a, AakCoverage b);

/* The number that @find has for a word of the kernel's, or that of its "unknown(45)". */
gboolean aak_coverage_number (const char *word, gboolean (*find) (const char *word, guint *out),
                              guint *out);

/* One for each class (of access->class); the caller sets the access. */
AakCoverage aak_coverage_ask_file (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_change_profile (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_capability (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_limit (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_signal (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_ptrace (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_userns (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_mount (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_network (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_inet (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_unix (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_dbus (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_mqueue (const AakCoverageQuestion *asked);
AakCoverage aak_coverage_ask_io_uring (const AakCoverageQuestion *asked);
