/* SPDX-License-Identifier: GPL-2.0-or-later
 * What an older bundle has already. */
#include "config.h"

#include "compile/build-reuse.h"

#include "lib/policy/policy.h"

#include <string.h>

/* A compiled form in an older bundle. */
typedef struct
{
  const AakBundleProfile *profile;
  const AakBundleBlob *blob;
} Known;

struct AakBuildReuse
{
  char *path;         /* or NULL */
  GHashTable *sealed; /* the inputs that the seal tells of; NULL: there is no seal */
  GMutex lock;        /* of what follows */
  gboolean is_read;
  AakBundle *bundle; /* or NULL */
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

static GHashTable *
set_of (GPtrArray *texts)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < texts->len; i++)
    g_hash_table_add (set, g_strdup (texts->pdata[i]));
  return set;
}

AakBuildReuse *
aak_build_reuse_new (const char *path, const AakBundleSeal *seal)
{
  AakBuildReuse *reuse = g_new0 (AakBuildReuse, 1);
  reuse->path = g_strdup (path);
  reuse->sealed = seal != NULL ? set_of (seal->made) : NULL;
  g_mutex_init (&reuse->lock);
  reuse->index =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  return reuse;
}

void
aak_build_reuse_free (AakBuildReuse *reuse)
{
  g_free (reuse->path);
  g_clear_pointer (&reuse->sealed, g_hash_table_unref);
  g_mutex_clear (&reuse->lock);
  g_hash_table_unref (reuse->index);
  g_clear_pointer (&reuse->bundle, aak_bundle_free);
  g_free (reuse);
}

/* What the bundle's manifest has of the inputs of @job (of Known), or NULL. */
static GPtrArray *
find (AakBuildReuse *reuse, const AakBuildJob *job)
{
  if (job->inputs == NULL)
    return NULL;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&reuse->lock);
  if (!reuse->is_read && reuse->path != NULL && aak_bundle_is (reuse->path))
    reuse->bundle = aak_bundle_read (reuse->path, NULL);
  if (!reuse->is_read && reuse->bundle != NULL)
    fill_index (reuse->index, reuse->bundle);
  reuse->is_read = TRUE;
  return g_hash_table_lookup (reuse->index, job->inputs);
}

gboolean
aak_build_reuse_knows (AakBuildReuse *reuse, const AakBuildJob *job)
{
  if (reuse->sealed != NULL)
    return job->inputs != NULL && g_hash_table_contains (reuse->sealed, job->inputs);
  return find (reuse, job) != NULL;
}

const AakBundle *
aak_build_reuse_bundle (const AakBuildReuse *reuse)
{
  return reuse->bundle;
}

void
aak_build_reuse_take (AakBuildReuse *reuse, AakBuildJob *job)
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
