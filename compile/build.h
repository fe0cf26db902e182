/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiles a list of profile texts and learned states for a list of feature sets, by several
 * workers, without what an older bundle has already; and proves seccomp profiles. */
#pragma once

#include "compile/build-job.h"
#include "compile/build-reuse.h"
#include "lib/cli.h"

/* Makes a job of each of @paths for each of @features (of AakFeatures, kept by the caller), and one
 * of each that is a seccomp profile. The
 * texts are read for their digests, and not kept, unless they get @versioned names: most builds
 * compile few of them. A text that cannot be read makes a failed job. TOO_LARGE where all texts
 * together are beyond what a build takes (256 MiB). The caller owns the array of AakBuildJob. */
GPtrArray *aak_build_plan (AakCompiler *compiler, GPtrArray *paths, GPtrArray *features,
                           gboolean versioned, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The digest over the inputs of all jobs, whatever their order, in hex; NULL where those of one
 * cannot be told. The caller frees it. */
char *aak_build_digest (GPtrArray *jobs);

/* Gives each job that has no error its result, with @workers threads: out of @reuse what is there
 * already, else by compiling. What fails is in the jobs. @reuse outlives the results. @cli draws
 * how far it has come. */
void aak_build_run (AakCli *cli, GPtrArray *jobs, AakCompiler *compiler, AakBuildReuse *reuse,
                    guint workers);

/* The number of jobs that failed. */
guint aak_build_count_failed (GPtrArray *jobs);

/* Sets @error to the messages of the failed jobs, each once, in the order of the jobs, and the code
 * of the first; nothing where none failed. */
void aak_build_set_error (GPtrArray *jobs, GError **error);
