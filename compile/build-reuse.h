/* SPDX-License-Identifier: GPL-2.0-or-later
 * What an older bundle has already. */
#pragma once

#include "compile/build-job.h"
#include "lib/bundle.h"

typedef struct AakBuildReuse AakBuildReuse;

/* @bundle outlives it; NULL: there is none. Free with aak_build_reuse_free(). */
AakBuildReuse *aak_build_reuse_new (const AakBundle *bundle);
void aak_build_reuse_free (AakBuildReuse *reuse);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBuildReuse, aak_build_reuse_free)

/* TRUE where the bundle tells of something that was compiled from the inputs of @job. */
gboolean aak_build_reuse_knows (const AakBuildReuse *reuse, const AakBuildJob *job);

/* Loads it as the result of @job; a file that is damaged, and what only says that it is the same,
 * leaves the job without a result. Several threads may call it for different jobs. */
void aak_build_reuse_take (const AakBuildReuse *reuse, AakBuildJob *job);
