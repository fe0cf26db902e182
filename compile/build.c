/* SPDX-License-Identifier: GPL-2.0-or-later
 * The jobs of a build: planned, reused or compiled. */
#include "config.h"

#include "compile/build.h"

#include "lib/error.h"
#include "lib/policy.h"

#include <string.h>

#define MAX_MESSAGES 50

static void
job_free (AakBuildJob *job)
{
  g_free (job->path);
  g_bytes_unref (job->text);
  g_free (job->inputs);
  g_clear_pointer (&job->policies, g_ptr_array_unref);
  g_free (job->warnings);
  g_clear_error (&job->error);
  g_free (job);
}

GPtrArray *
aak_build_plan (const AakCompiler *compiler, GPtrArray *paths, GPtrArray *features, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GBytes) text = aak_policy_read_text (paths->pdata[i], error);
      if (text == NULL)
        return NULL;
      for (guint j = 0; j < features->len; j++)
        {
          AakBuildJob *job = g_new0 (AakBuildJob, 1);
          job->path = g_strdup (paths->pdata[i]);
          job->text = g_bytes_ref (text);
          job->features = features->pdata[j];
          job->inputs = aak_compiler_digest (compiler, job->features, text);
          g_ptr_array_add (jobs, job);
        }
    }
  return g_steal_pointer (&jobs);
}

/* --- reuse ----------------------------------------------------------------------------------- */

/* A compiled form in an older bundle. */
typedef struct
{
  const AakBundleProfile *profile;
  const AakBundleBlob *blob;
} Known;

/* Digest of the inputs -> the profiles compiled from them (of Known). */
static GHashTable *
index_bundle (const AakBundle *bundle)
{
  GHashTable *index =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakBundleProfile *profile = profiles->pdata[i];
      for (guint j = 0; j < profile->blobs->len; j++)
        {
          const AakBundleBlob *blob = profile->blobs->pdata[j];
          GPtrArray *known = g_hash_table_lookup (index, blob->inputs);
          if (known == NULL)
            {
              known = g_ptr_array_new_with_free_func (g_free);
              g_hash_table_insert (index, blob->inputs, known);
            }
          Known *one = g_new0 (Known, 1);
          *one = (Known){ profile, blob };
          g_ptr_array_add (known, one);
        }
    }
  return index;
}

/* Loads all of @known; a file that is damaged makes the job compile again. */
static void
reuse (AakBuildJob *job, const AakBundle *bundle, GPtrArray *known)
{
  g_autoptr (GPtrArray) policies =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_unref);
  for (guint i = 0; i < known->len; i++)
    {
      const Known *one = known->pdata[i];
      AakPolicy *policy = aak_bundle_load (bundle, one->profile, one->blob->features, NULL);
      if (policy == NULL)
        return;
      g_ptr_array_add (policies, policy);
      if (!g_bytes_equal (policy->text, job->text)
          || strcmp (one->blob->features, aak_features_id (job->features)) != 0)
        return;
    }
  job->policies = g_steal_pointer (&policies);
  job->reused = TRUE;
}

void
aak_build_reuse (GPtrArray *jobs, const AakCompiler *compiler, const char *path)
{
  g_autoptr (AakBundle) bundle = aak_bundle_is (path) ? aak_bundle_read (path, NULL) : NULL;
  if (bundle == NULL || strcmp (aak_bundle_parser (bundle), aak_compiler_version (compiler)) != 0)
    return;
  g_autoptr (GHashTable) index = index_bundle (bundle);
  for (guint i = 0; i < jobs->len; i++)
    {
      AakBuildJob *job = jobs->pdata[i];
      GPtrArray *known = job->inputs != NULL ? g_hash_table_lookup (index, job->inputs) : NULL;
      if (known != NULL)
        reuse (job, bundle, known);
    }
}

/* --- compiling ------------------------------------------------------------------------------- */

static void
compile (gpointer data, gpointer user_data)
{
  AakBuildJob *job = data;
  const AakCompiler *compiler = user_data;
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, job->features, job->path, job->text,
                                                  &job->warnings, &job->error);
  if (blob != NULL)
    job->policies = aak_policy_split (job->path, blob, job->text, &job->error);
}

/* Sets @error to all messages of the failed jobs, each once. */
static gboolean
collect_errors (GPtrArray *jobs, GError **error)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();
  const GError *first = NULL;
  for (guint i = 0; i < jobs->len && messages->len < MAX_MESSAGES; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      if (job->error == NULL)
        continue;
      first = first != NULL ? first : job->error;
      if (!g_ptr_array_find_with_equal_func (messages, job->error->message, g_str_equal, NULL))
        g_ptr_array_add (messages, job->error->message);
    }
  if (first == NULL)
    return TRUE;
  g_ptr_array_add (messages, NULL);
  g_autofree char *all = g_strjoinv ("\n", (char **) messages->pdata);
  g_set_error_literal (error, first->domain, first->code, all);
  return FALSE;
}

gboolean
aak_build_run (GPtrArray *jobs, const AakCompiler *compiler, guint workers, GError **error)
{
  GThreadPool *pool =
      g_thread_pool_new (compile, (gpointer) compiler, (gint) workers, FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    if (((AakBuildJob *) jobs->pdata[i])->policies == NULL)
      g_thread_pool_push (pool, jobs->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  return collect_errors (jobs, error);
}
