/* SPDX-License-Identifier: GPL-2.0-or-later
 * Keeps all profiles of a policy. */
#include "config.h"

#include "compile/diff-side.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

struct AakDiffSide
{
  GPtrArray *sets;     /* AakPolicySet */
  GPtrArray *profiles; /* AakDiffProfile */
};

static void
profile_free (gpointer data)
{
  AakDiffProfile *profile = data;
  g_free (profile->name);
  g_free (profile->path);
  g_free (profile->features);
  g_free (profile);
}

void
aak_diff_side_free (AakDiffSide *side)
{
  g_ptr_array_unref (side->profiles);
  g_ptr_array_unref (side->sets);
  g_free (side);
}

static gboolean
add_piece (const AakPolicyPiece *piece, gpointer user_data, GError **error)
{
  AakDiffSide *side = user_data;
  (void) error;
  GPtrArray *profiles = aak_policy_set_profiles (piece->set);
  g_ptr_array_add (side->sets, aak_policy_set_ref (piece->set));
  for (guint i = 0; i < profiles->len; i++)
    {
      AakDiffProfile *profile = g_new0 (AakDiffProfile, 1);
      profile->profile = profiles->pdata[i];
      profile->name = g_strdup (profile->profile->name);
      profile->path = g_strdup (piece->path);
      profile->features =
          piece->features != NULL ? g_strdup (aak_features_id (piece->features)) : NULL;
      g_ptr_array_add (side->profiles, profile);
    }
  return TRUE;
}

static int
compare (const AakDiffProfile *a, const AakDiffProfile *b)
{
  int order = strcmp (a->name, b->name);
  return order != 0 ? order : g_strcmp0 (a->features, b->features);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return compare (*(AakDiffProfile *const *) a, *(AakDiffProfile *const *) b);
}

static gboolean
check_names (const char *path, const AakDiffSide *side, GError **error)
{
  for (guint i = 1; i < side->profiles->len; i++)
    {
      const AakDiffProfile *profile = side->profiles->pdata[i];
      if (compare (profile, side->profiles->pdata[i - 1]) != 0)
        continue;
      g_autofree char *shown = aak_escape (path, strlen (path));
      g_autofree char *name = aak_escape (profile->name, strlen (profile->name));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" is there twice", shown,
                   name);
      return FALSE;
    }
  return TRUE;
}

AakDiffSide *
aak_diff_side_open (const char *path, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (AakDiffSide) side = g_new0 (AakDiffSide, 1);
  side->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_set_free);
  side->profiles = g_ptr_array_new_with_free_func (profile_free);
  if (!aak_policy_open_each (path, where, add_piece, side, error))
    return NULL;
  g_ptr_array_sort (side->profiles, by_name);
  return check_names (path, side, error) ? g_steal_pointer (&side) : NULL;
}

GPtrArray *
aak_diff_side_profiles (const AakDiffSide *side)
{
  return side->profiles;
}

const char *
aak_diff_side_only (const AakDiffSide *side)
{
  const char *only = NULL;
  for (guint i = 0; i < side->profiles->len; i++)
    {
      const char *name = ((const AakDiffProfile *) side->profiles->pdata[i])->name;
      if (strstr (name, "//") != NULL || g_strcmp0 (name, only) == 0)
        continue;
      if (only != NULL)
        return NULL;
      only = name;
    }
  return only;
}

guint
aak_diff_side_feature_sets (const AakDiffSide *side)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < side->profiles->len; i++)
    {
      const AakDiffProfile *profile = side->profiles->pdata[i];
      g_hash_table_add (ids, profile->features != NULL ? profile->features : (char *) "");
    }
  return g_hash_table_size (ids);
}
