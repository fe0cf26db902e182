/* SPDX-License-Identifier: GPL-2.0-or-later
 * The jobs of a build: planned and compiled. */
#include "config.h"

#include "compile/build.h"

#include "compile/failures.h"
#include "compile/learned-state.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy.h"
#include "lib/sha256.h"
#include "lib/sort.h"

#include <string.h>

#define MAX_TEXTS  ((gsize) 256 << 20)
#define MAX_POLICY ((gsize) 1 << 30)

/* --- planning -------------------------------------------------------------------------------- */

GPtrArray *
aak_build_plan (AakCompiler *compiler, GPtrArray *paths, GPtrArray *features, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_build_job_free);
  gsize size = 0;
  for (guint i = 0; i < paths->len; i++)
    {
      GError *why = NULL;
      g_autoptr (GBytes) text = aak_learned_state_or_text (paths->pdata[i], &why);
      size += text != NULL ? g_bytes_get_size (text) : 0;
      if (size > MAX_TEXTS)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "the profile texts are larger than %d MiB together",
                       (int) (MAX_TEXTS >> 20));
          return NULL;
        }
      /* One that cannot be read fails once, not for each feature set. */
      for (guint j = 0; j < (text != NULL ? features->len : 1); j++)
        {
          AakBuildJob *job =
              aak_build_job_new (paths->pdata[i], text, text != NULL ? features->pdata[j] : NULL);
          g_ptr_array_add (jobs, job);
          if (text != NULL)
            job->inputs = aak_compiler_digest (compiler, job->features, text);
          else
            aak_build_job_fail (job, why);
        }
    }
  return g_steal_pointer (&jobs);
}

char *
aak_build_digest (GPtrArray *jobs)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      if (job->inputs == NULL || job->error != NULL)
        return NULL;
      g_ptr_array_add (inputs, job->inputs);
    }
  g_ptr_array_sort (inputs, aak_compare_texts);
  AakSha256 sum;
  aak_sha256_begin (&sum);
  aak_sha256_feed_text (&sum, PACKAGE_VERSION); /* writes the manifest */
  for (guint i = 0; i < inputs->len; i++)
    aak_sha256_feed_text (&sum, inputs->pdata[i]);
  return aak_sha256_end (&sum);
}

/* --- compiling ------------------------------------------------------------------------------- */

/* What the workers share. */
typedef struct
{
  const AakCompiler *compiler;
  gsize size; /* of all that was compiled; atomic */
} Run;

static void
compile (gpointer data, gpointer user_data)
{
  AakBuildJob *job = data;
  Run *run = user_data;
  g_autoptr (GBytes) blob = aak_compiler_compile_told (run->compiler, job->features, job->path,
                                                       job->text, &job->messages, &job->error);
  if (blob == NULL)
    return;
  gsize before = (gsize) g_atomic_pointer_add (&run->size, (gssize) g_bytes_get_size (blob));
  if (before + g_bytes_get_size (blob) <= MAX_POLICY)
    {
      job->policies = aak_policy_split (job->path, blob, job->text, &job->error);
      return;
    }
  g_autofree char *shown = aak_escape (job->path, strlen (job->path));
  g_set_error (&job->error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
               "%s: with it, what was compiled is larger than %d MiB", shown,
               (int) (MAX_POLICY >> 20));
}

gboolean
aak_build_run (GPtrArray *jobs, const AakCompiler *compiler, guint workers, GError **error)
{
  Run run = { .compiler = compiler };
  GThreadPool *pool = g_thread_pool_new (compile, &run, (gint) workers, FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    {
      AakBuildJob *job = jobs->pdata[i];
      if (job->policies == NULL && job->error == NULL)
        g_thread_pool_push (pool, job, NULL);
    }
  g_thread_pool_free (pool, FALSE, TRUE);
  return TRUE;
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
