/* SPDX-License-Identifier: GPL-2.0-or-later
 * The jobs of a build that are seccomp profiles: one a file, for every kernel. */
#pragma once

#include "compile/build-job.h"

/* The job of the seccomp profile @path, read and with the digest of what it is made of. */
AakBuildJob *aak_build_seccomp_plan (const char *path);

/* TRUE for such a job. */
gboolean aak_build_seccomp_is (const AakBuildJob *job);

/* Checks the profile and proves that it makes a filter; what libseccomp does not know becomes a
 * message. From one thread at a time. */
void aak_build_seccomp_run (AakBuildJob *job);
