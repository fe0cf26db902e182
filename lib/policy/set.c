/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Unpacks all profiles of a blob, and finds one by its name or by the program that it attaches to.
 */
#include "config.h"

#include "lib/policy/set.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/inflate.h"

#include <string.h>

struct AakPolicySet
{
  grefcount refs;
  GBytes *blob;        /* decompressed; only while it is unpacked */
  GPtrArray *profiles; /* of AakPolicyProfile */
  GHashTable *by_name; /* the same */
};

void
aak_policy_set_free (AakPolicySet *set)
{
  if (!g_ref_count_dec (&set->refs))
    return;
  g_clear_pointer (&set->by_name, g_hash_table_unref);
  g_clear_pointer (&set->profiles, g_ptr_array_unref);
  g_clear_pointer (&set->blob, g_bytes_unref);
  g_free (set);
}

AakPolicySet *
aak_policy_set_ref (AakPolicySet *set)
{
  g_ref_count_inc (&set->refs);
  return set;
}

static gboolean
read_all (AakPolicySet *set, GPtrArray *places, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    {
      AakPolicyProfile *profile = aak_policy_profile_new (set->blob, places->pdata[i], error);
      if (profile == NULL)
        return FALSE;
      g_ptr_array_add (set->profiles, profile);
      if (!g_hash_table_insert (set->by_name, profile->name, profile))
        {
          g_autofree char *shown = aak_escape (profile->name, strlen (profile->name));
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "profile \"%s\" is there twice", shown);
          return FALSE;
        }
    }
  return TRUE;
}

AakPolicySet *
aak_policy_set_new (const char *what, GBytes *blob, GError **error)
{
  g_autofree char *shown = aak_escape (what, strlen (what));
  g_autoptr (AakPolicySet) set = g_new0 (AakPolicySet, 1);
  g_ref_count_init (&set->refs);
  set->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_profile_free);
  set->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_bytes_get_size (blob) > AAK_POLICY_MAX)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: policy of more than %d bytes", shown,
                   AAK_POLICY_MAX);
      return NULL;
    }
  set->blob = aak_policy_inflate (blob, AAK_POLICY_MAX, error);
  if (set->blob == NULL)
    {
      g_prefix_error (error, "%s: ", shown);
      return NULL;
    }
  g_autoptr (GPtrArray) places = aak_policy_blob_parse (what, set->blob, error);
  if (places == NULL)
    return NULL;
  if (!read_all (set, places, error))
    {
      g_prefix_error (error, "%s: ", shown);
      return NULL;
    }
  g_clear_pointer (&set->blob, g_bytes_unref);
  return g_steal_pointer (&set);
}

const AakPolicyProfile *
aak_policy_set_find (const AakPolicySet *set, const char *name)
{
  return g_hash_table_lookup (set->by_name, name);
}

GPtrArray *
aak_policy_set_profiles (const AakPolicySet *set)
{
  return set->profiles;
}

/* --- attachment ------------------------------------------------------------------------------ */

/* The part of @profile's name behind @parent, or NULL where it is not one of its children (of
 * nobody's, for NULL). */
static const char *
name_below (const AakPolicyProfile *profile, const char *parent)
{
  const char *name = profile->name;
  if (parent != NULL)
    {
      gsize len = strlen (parent);
      if (strncmp (name, parent, len) != 0 || strncmp (name + len, "//", 2) != 0)
        return NULL;
      name += len + 2;
    }
  return strstr (name, "//") == NULL ? name : NULL;
}

/* How exactly @profile attaches to @path, or -1. */
static gint64
attaches (const AakPolicyProfile *profile, const char *path, gsize len)
{
  const AakPolicyDb *db = profile->attachment;
  guint left = 0;
  guint32 state = aak_policy_db_match_left (db, path, len, &left);
  return (aak_policy_db_perms (db, state, TRUE).allow & AAK_MAY_EXEC) != 0 ? (gint64) left : -1;
}

const AakPolicyProfile *
aak_policy_set_attach (const AakPolicySet *set, const char *parent, const char *path, gsize len)
{
  const AakPolicyProfile *best = NULL;
  gint64 best_left = -1;
  gboolean tie = FALSE;
  for (guint i = 0; i < set->profiles->len; i++)
    {
      const AakPolicyProfile *profile = set->profiles->pdata[i];
      const char *name = name_below (profile, parent);
      if (name == NULL)
        continue;
      if (aak_policy_db_is_empty (profile->attachment))
        {
          if (strlen (name) == len && memcmp (name, path, len) == 0)
            return profile;
          continue;
        }
      gint64 left = attaches (profile, path, len);
      if (left < 0 || left < best_left)
        continue;
      tie = left == best_left;
      best = profile;
      /* What a pattern matches at least counts as well, but only against those that follow. */
      best_left = MAX (left, (gint64) profile->attachment_length);
    }
  return tie ? NULL : best;
}
