/* SPDX-License-Identifier: GPL-2.0-or-later
 * What an older bundle has already. */
#include "config.h"

#include "compile/build-reuse.h"

#include "lib/policy.h"

#include <string.h>

/* A compiled form in an older bundle. */
typedef struct
{
  const AakBundleProfile *profile;
  const AakBundleBlob *blob;
} Known;

struct AakBuildReuse
{
  const AakBundle *bundle;
  GHashTable *index; /* digest of the inputs -> the profiles compiled from them (of Known) */
};

static void
fill_index (GHashTable *index, const AakBundle *bundle)
{
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
}

AakBuildReuse *
aak_build_reuse_new (const AakBundle *bundle)
{
  AakBuildReuse *reuse = g_new0 (AakBuildReuse, 1);
  reuse->bundle = bundle;
  reuse->index =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  if (bundle != NULL)
    fill_index (reuse->index, bundle);
  return reuse;
}

void
aak_build_reuse_free (AakBuildReuse *reuse)
{
  g_hash_table_unref (reuse->index);
  g_free (reuse);
}

static GPtrArray *
find (const AakBuildReuse *reuse, const AakBuildJob *job)
{
  return job->inputs != NULL ? g_hash_table_lookup (reuse->index, job->inputs) : NULL;
}

gboolean
aak_build_reuse_knows (const AakBuildReuse *reuse, const AakBuildJob *job)
{
  return find (reuse, job) != NULL;
}

void
aak_build_reuse_take (const AakBuildReuse *reuse, AakBuildJob *job)
{
  g_autoptr (GPtrArray) policies =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_unref);
  GPtrArray *known = find (reuse, job);
  for (guint i = 0; known != NULL && i < known->len; i++)
    {
      const Known *one = known->pdata[i];
      AakPolicy *policy = aak_bundle_load (reuse->bundle, one->profile, one->blob->features, NULL);
      if (policy == NULL)
        return;
      g_ptr_array_add (policies, policy);
      if (strcmp (one->profile->source, job->source) != 0
          || strcmp (one->blob->features, aak_features_id (job->features)) != 0)
        return;
    }
  if (policies->len == 0)
    return;
  job->policies = g_steal_pointer (&policies);
  job->reused = TRUE;
}
