/* SPDX-License-Identifier: GPL-2.0-or-later
 * The jobs of a build, planned: what each is made of, as a digest. */
#include "config.h"

#include "compile/build.h"

#include "compile/build-seccomp.h"
#include "compile/learned-state.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/parallel.h"
#include "lib/policy/policy.h"
#include "lib/policy/version.h"
#include "lib/seccomp/name.h"
#include "lib/sha256.h"
#include "lib/sort.h"

#include <string.h>

#define MAX_TEXTS ((gsize) 256 << 20)

/* What the workers share. */
typedef struct
{
  AakCompiler *compiler;
  GPtrArray *paths;
  GPtrArray *features;
  gboolean versioned; /* names get the version of their text */
  guint width;        /* how many jobs a path has at most */
  AakBuildJob **jobs; /* those of a path side by side; NULL: there is none */
  gsize size;         /* of all texts; atomic */
} Plan;

/* The text of the profile @path, as it is to be compiled. */
static GBytes *
read_text (const Plan *plan, const char *path, GError **error)
{
  g_autoptr (GBytes) text = aak_learned_state_or_text (path, error);
  if (text == NULL || !plan->versioned)
    return g_steal_pointer (&text);
  g_autofree char *shown = aak_escape (path, strlen (path));
  return aak_policy_version (shown, text, error);
}

static void
plan_path (guint index, gpointer data)
{
  Plan *plan = data;
  const char *path = plan->paths->pdata[index];
  AakBuildJob **jobs = plan->jobs + (gsize) index * plan->width;
  if ((gsize) g_atomic_pointer_get (&plan->size) > MAX_TEXTS)
    return;
  if (aak_seccomp_is_path (path))
    {
      jobs[0] = aak_build_seccomp_plan (path);
      gsize size = jobs[0]->text != NULL ? g_bytes_get_size (jobs[0]->text) : 0;
      g_atomic_pointer_add (&plan->size, (gssize) size);
      return;
    }
  GError *why = NULL;
  g_autoptr (GBytes) text = read_text (plan, path, &why);
  if (text == NULL)
    {
      /* One that cannot be read fails once, not for each feature set. */
      jobs[0] = aak_build_job_new (path, NULL);
      aak_build_job_fail (jobs[0], why);
      return;
    }
  g_atomic_pointer_add (&plan->size, (gssize) g_bytes_get_size (text));
  g_autofree char *source = aak_sha256_of (text);
  for (guint i = 0; i < plan->features->len; i++)
    {
      jobs[i] = aak_build_job_new (path, plan->features->pdata[i]);
      aak_build_job_set_inputs (jobs[i], plan->compiler, text, source);
      if (plan->versioned || aak_learned_state_is (path))
        jobs[i]->text = g_bytes_ref (text);
    }
}

GPtrArray *
aak_build_plan (AakCompiler *compiler, GPtrArray *paths, GPtrArray *features, gboolean versioned,
                GError **error)
{
  guint width = MAX (features->len, 1);
  gsize number = (gsize) paths->len * width;
  g_autofree AakBuildJob **jobs = g_new0 (AakBuildJob *, number);
  Plan plan = { compiler, paths, features, versioned, width, jobs, 0 };
  aak_parallel (paths->len, g_get_num_processors (), plan_path, &plan);
  g_autoptr (GPtrArray) planned =
      g_ptr_array_new_full (paths->len, (GDestroyNotify) aak_build_job_free);
  for (gsize i = 0; i < number; i++)
    if (jobs[i] != NULL)
      g_ptr_array_add (planned, jobs[i]);
  if (plan.size <= MAX_TEXTS)
    return g_steal_pointer (&planned);
  g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
               "the profile texts are larger than %d MiB together", (int) (MAX_TEXTS >> 20));
  return NULL;
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
