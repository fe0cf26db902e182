/* SPDX-License-Identifier: GPL-2.0-or-later
 * The life of a job. */
#include "config.h"

#include "compile/build-job.h"

#include "lib/policy/policy.h"

AakBuildJob *
aak_build_job_new (const char *path, const AakFeatures *features)
{
  AakBuildJob *job = g_new0 (AakBuildJob, 1);
  job->path = g_strdup (path);
  job->features = features;
  return job;
}

void
aak_build_job_free (AakBuildJob *job)
{
  g_free (job->path);
  g_free (job->source);
  g_clear_pointer (&job->text, g_bytes_unref);
  g_free (job->inputs);
  g_clear_pointer (&job->policies, g_ptr_array_unref);
  g_clear_pointer (&job->seccomp, aak_seccomp_file_unref);
  g_clear_pointer (&job->messages, g_ptr_array_unref);
  g_clear_error (&job->error);
  g_free (job);
}

void
aak_build_job_set_inputs (AakBuildJob *job, AakCompiler *compiler, GBytes *text, const char *source)
{
  g_free (job->source);
  job->source = g_strdup (source);
  g_free (job->inputs);
  job->inputs = aak_compiler_digest (compiler, job->features, text, source);
}

void
aak_build_job_fail (AakBuildJob *job, GError *error)
{
  g_clear_error (&job->error);
  g_clear_pointer (&job->policies, g_ptr_array_unref);
  g_clear_pointer (&job->seccomp, aak_seccomp_file_unref);
  job->error = error;
}
