/* SPDX-License-Identifier: GPL-2.0-or-later
 * What an older bundle has already. */
#include "config.h"

#include "compile/build.h"

#include "lib/policy.h"

#include <string.h>

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
      if (strcmp (one->profile->source, job->source) != 0
          || strcmp (one->blob->features, aak_features_id (job->features)) != 0)
        return;
    }
  job->policies = g_steal_pointer (&policies);
  job->reused = TRUE;
}

void
aak_build_reuse (GPtrArray *jobs, const char *path)
{
  g_autoptr (AakBundle) bundle = aak_bundle_is (path) ? aak_bundle_read (path, NULL) : NULL;
  if (bundle == NULL)
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
