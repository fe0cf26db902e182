/* SPDX-License-Identifier: GPL-2.0-or-later
 * What an older bundle has already. Several threads may use it. */
#pragma once

#include "compile/build-job.h"
#include "lib/bundle.h"

typedef struct AakBuildReuse AakBuildReuse;

/* What the bundle @path has; NULL: nothing. @seal: the bundle's, or NULL; what it tells was made is
 * known without a look at the manifest, which is read when it is needed first. Free with
 * aak_build_reuse_free(). */
AakBuildReuse *aak_build_reuse_new (const char *path, const AakBundleSeal *seal);
void aak_build_reuse_free (AakBuildReuse *reuse);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBuildReuse, aak_build_reuse_free)

/* TRUE where the bundle tells of something that was compiled from the inputs of @job. */
gboolean aak_build_reuse_knows (AakBuildReuse *reuse, const AakBuildJob *job);

/* Loads it as the result of @job; a file that is damaged, and what only says that it is the same,
 * leaves the job without a result. */
void aak_build_reuse_take (AakBuildReuse *reuse, AakBuildJob *job);

/* The bundle that jobs were taken from; NULL where none was. Owned by @reuse. */
const AakBundle *aak_build_reuse_bundle (const AakBuildReuse *reuse);
