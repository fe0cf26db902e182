/* SPDX-License-Identifier: GPL-2.0-or-later
 * Is what was seen allowed? Every access of a state, asked of compiled policy. */
#pragma once

#include "learn/observations.h"
#include "lib/policy/query.h"

/* From good to bad: of an access that is asked in parts, the worst counts. */
typedef enum
{
  AAK_COVERAGE_ALLOWED,
  AAK_COVERAGE_UNMEDIATED, /* it passes, since the policy does not mediate its class */
  AAK_COVERAGE_NOT_ASKED,  /* no question can be made of it, or the answer is not in the policy */
  AAK_COVERAGE_DENIED,     /* some of it at least */
} AakCoverageVerdict;

typedef struct
{
  const AakObservation *access;
  AakCoverageVerdict verdict;
  guint denied;    /* AakPerm bits that are not allowed; 0 in a class without permissions */
  const char *why; /* NOT_ASKED: what is in the way (static); else NULL */
} AakCoverage;

/* The permissions that are not allowed; in a class without any, those of the access. */
static inline guint
aak_coverage_denied (const AakCoverage *coverage)
{
  return coverage->denied != 0 ? coverage->denied : coverage->access->perms;
}

/* Asks @profile of @set for @access, under all conditions that are known of it: a file's
 * permissions as its owner where only the owner was seen to use them, a link with its target, a
 * signal with its peer. Rules of a complain profile count as if it were enforced. What `deny`
 * refuses is not allowed. */
AakCoverage aak_coverage_ask (const AakPolicySet *set, const AakPolicyProfile *profile,
                              const AakObservation *access);

/* The same for all of @observations (AakCoverage), in the order of aak_observations_sorted(), but
 * for system calls, which are a matter of seccomp; what a child did is asked of the child's
 * profile, where there is one (learn/coverage-child.h). The array belongs to the caller, the
 * accesses do not. */
GArray *aak_coverage_ask_all (const AakPolicySet *set, const AakPolicyProfile *profile,
                              const AakObservations *observations);

/* How many of @coverage have @verdict. */
guint aak_coverage_count (const GArray *coverage, AakCoverageVerdict verdict);
