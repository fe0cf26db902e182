/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiled policy, judged before the kernel sees it. */
#include "config.h"

#include "register/compiled.h"

#include "lib/error.h"
#include "lib/policy/inflate.h"
#include "lib/policy/set.h"
#include "lib/policy/policy.h"

#include <string.h>

#define VERSION_KABI_MASK 0x3ffu
#define WHAT_TO_DO                                                                        \
  "register the text itself, or build a bundle for this node: save its feature set with " \
  "'aa-compile features -o FILE', and 'aa-compile --features FILE'"

static gboolean
check_features (const AakInputFile *file, const AakFeatures *kernel, GError **error)
{
  if (file->features == NULL)
    return TRUE;
  gsize len = 0;
  const char *data = g_bytes_get_data (file->features, &len);
  g_autofree char *text = g_strndup (len > 0 ? data : "", len);
  g_autofree char *what = g_strconcat ("the feature set beside ", file->path, NULL);
  g_autoptr (AakFeatures) features = aak_features_parse (what, text, error);
  if (features == NULL || strcmp (aak_features_id (features), aak_features_id (kernel)) == 0)
    return features != NULL;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s is compiled for another kernel (feature set %s) than this one (%s): " WHAT_TO_DO,
               file->path, aak_features_id (features), aak_features_id (kernel));
  return FALSE;
}

/* The kernel lists the versions that it takes (security/apparmor/apparmorfs.c). */
static gboolean
check_versions (const AakInputFile *file, GPtrArray *policies, const AakFeatures *kernel,
                GError **error)
{
  gboolean listed = aak_features_has (kernel, "policy/versions");
  for (guint i = 0; listed && i < policies->len; i++)
    {
      const AakPolicy *policy = policies->pdata[i];
      const AakBlobProfile *part = policy->parts->pdata[0];
      guint32 version = part->version & VERSION_KABI_MASK;
      g_autofree char *name = g_strdup_printf ("policy/versions/v%u", version);
      if (aak_features_has (kernel, name))
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: profile \"%s\" is policy of version %u, which this kernel (feature set %s) "
                   "does not take: " WHAT_TO_DO,
                   file->path, policy->name, version, aak_features_id (kernel));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_tables (const AakInputFile *file, const AakPolicySet *set, const AakFeatures *kernel,
              GError **error)
{
  GPtrArray *profiles = aak_policy_set_profiles (set);
  gboolean known = aak_features_has (kernel, "policy/permstable32_version");
  for (guint i = 0; !known && i < profiles->len; i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      if (!aak_policy_db_has_table (profile->rules) && !aak_policy_db_has_table (profile->files))
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: its permissions are in tables, which this kernel (feature set %s) does not "
                   "know: " WHAT_TO_DO,
                   file->path, aak_features_id (kernel));
      return FALSE;
    }
  return TRUE;
}

GPtrArray *
aak_compiled_read (const AakInputFile *file, const AakFeatures *kernel, GError **error)
{
  if (!check_features (file, kernel, error))
    return NULL;
  g_autoptr (GBytes) plain = aak_policy_inflate (file->content, AAK_POLICY_MAX, error);
  if (plain == NULL)
    {
      g_prefix_error (error, "%s: ", file->path);
      return NULL;
    }
  g_autoptr (AakPolicySet) set = aak_policy_set_new (file->path, plain, error);
  g_autoptr (GPtrArray) policies =
      set != NULL ? aak_policy_split (file->path, plain, NULL, error) : NULL;
  if (policies == NULL || !check_versions (file, policies, kernel, error)
      || !check_tables (file, set, kernel, error))
    return NULL;
  return g_steal_pointer (&policies);
}
