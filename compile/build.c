/* SPDX-License-Identifier: GPL-2.0-or-later
 * The jobs of a build, done. */
#include "config.h"

#include "compile/build.h"

#include "compile/build-seccomp.h"
#include "compile/failures.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/parallel.h"
#include "lib/policy/policy.h"
#include "lib/progress.h"
#include "lib/sha256.h"

#include <string.h>

#define MAX_POLICY ((gsize) 1 << 30)

/* --- doing them ------------------------------------------------------------------------------ */

/* What the workers share. */
typedef struct
{
  GPtrArray *jobs; /* that have neither result nor error */
  AakCompiler *compiler;
  AakBuildReuse *reuse;
  gsize size; /* of all that was compiled; atomic */
  AakProgress *progress;
} Run;

/* The text of @job as it is now: the file may be another one than when the build was planned. */
static GBytes *
read_text (AakBuildJob *job, AakCompiler *compiler)
{
  if (job->text != NULL)
    return g_bytes_ref (job->text);
  GBytes *text = aak_policy_read_text (job->path, &job->error);
  g_autofree char *source = text != NULL ? aak_sha256_of (text) : NULL;
  if (text != NULL && strcmp (source, job->source) != 0)
    aak_build_job_set_inputs (job, compiler, text, source);
  return text;
}

static void
compile (Run *run, AakBuildJob *job)
{
  g_autoptr (GBytes) text = read_text (job, run->compiler);
  g_autoptr (GBytes) blob =
      text != NULL ? aak_compiler_compile_told (run->compiler, job->features, job->path, text,
                                                &job->messages, &job->error)
                   : NULL;
  if (blob == NULL)
    return;
  gsize before = (gsize) g_atomic_pointer_add (&run->size, (gssize) g_bytes_get_size (blob));
  if (before + g_bytes_get_size (blob) <= MAX_POLICY)
    {
      job->policies = aak_policy_split (job->path, blob, text, &job->error);
      return;
    }
  g_autofree char *shown = aak_escape (job->path, strlen (job->path));
  g_set_error (&job->error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
               "%s: with it, what was compiled is larger than %d MiB", shown,
               (int) (MAX_POLICY >> 20));
}

static void
obtain (guint index, gpointer data)
{
  Run *run = data;
  AakBuildJob *job = run->jobs->pdata[index];
  if (aak_build_reuse_knows (run->reuse, job))
    aak_build_reuse_take (run->reuse, job);
  if (job->policies == NULL)
    compile (run, job);
  aak_progress_step (run->progress, job->path);
}

/* Adds the jobs that are still to be done, those that the old bundle knows or those that it does
 * not. */
static void
add_pending (GPtrArray *jobs, AakBuildReuse *reuse, gboolean known, GPtrArray *out)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      AakBuildJob *job = jobs->pdata[i];
      if (job->error == NULL && !aak_build_seccomp_is (job)
          && aak_build_reuse_knows (reuse, job) == known)
        g_ptr_array_add (out, job);
    }
}

void
aak_build_run (AakCli *cli, GPtrArray *jobs, AakCompiler *compiler, AakBuildReuse *reuse,
               guint workers)
{
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();
  for (guint i = 0; i < jobs->len; i++)
    {
      AakBuildJob *job = jobs->pdata[i];
      if (job->error == NULL && aak_build_seccomp_is (job))
        aak_build_seccomp_run (job);
    }
  add_pending (jobs, reuse, FALSE, pending); /* while they are compiled, the others are loaded */
  add_pending (jobs, reuse, TRUE, pending);
  g_autoptr (AakProgress) progress = aak_progress_new (cli, "compiled", pending->len);
  Run run = { .jobs = pending, .compiler = compiler, .reuse = reuse, .progress = progress };
  aak_parallel (pending->len, workers, obtain, &run);
}

/* --- what failed ----------------------------------------------------------------------------- */

guint
aak_build_count_failed (GPtrArray *jobs)
{
  guint count = 0;
  for (guint i = 0; i < jobs->len; i++)
    count += ((AakBuildJob *) jobs->pdata[i])->error != NULL;
  return count;
}

void
aak_build_set_error (GPtrArray *jobs, GError **error)
{
  g_autoptr (AakFailures) failures = aak_failures_new ();
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      if (job->error != NULL)
        aak_failures_add (failures, job->error);
    }
  aak_failures_raise (failures, error);
}
