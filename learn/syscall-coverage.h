/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does a seccomp profile allow the system calls that were seen? */
#pragma once

#include "learn/coverage.h"
#include "lib/seccomp/profile.h"

/* Asks @profile for the system calls of @observations (AakCoverage), in the order of
 * aak_observations_sorted(). A call that depends on its arguments, which no record tells, cannot be
 * asked for, but for clone without flags that make name spaces, as learned profiles have it; one
 * that is answered by ENOSYS is allowed where libc makes another one instead that is
 * (profiles/syscalls.yaml). The array belongs to the caller, the accesses do not. */
GArray *aak_syscall_coverage_ask_all (const AakSeccompProfile *profile,
                                      const AakObservations *observations);
