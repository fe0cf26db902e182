/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finds pairs of profiles and compares them. */
#include "config.h"

#include "compile/profile-diff.h"

#include "compile/file-diff.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/sort.h"

#include <string.h>

/* So many lines of a class are found at most, see aak_policy_excess(). */
#define MOST 1000

static void
change_free (gpointer data)
{
  AakProfileChange *change = data;
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

static void
diff_free (gpointer data)
{
  AakProfileDiff *diff = data;
  g_free (diff->name);
  g_clear_pointer (&diff->changes, g_ptr_array_unref);
  g_clear_pointer (&diff->lost, g_ptr_array_unref);
  g_clear_pointer (&diff->gained, g_ptr_array_unref);
  g_clear_pointer (&diff->files, g_ptr_array_unref);
  g_clear_pointer (&diff->skipped, g_ptr_array_unref);
  g_free (diff);
}

/* --- what a profile is ----------------------------------------------------------------------- */

/* Takes the texts. */
static void
add_change (AakProfileDiff *diff, const char *what, char *before, char *after)
{
  AakProfileChange change = { what, before, after, strcmp (what, "audit") == 0 };
  if (strcmp (before, after) != 0)
    {
      g_ptr_array_add (diff->changes, g_memdup2 (&change, sizeof change));
      return;
    }
  g_free (before);
  g_free (after);
}

static char *
mode_text (const AakPolicyProfile *profile)
{
  return profile->kill_signal == 0
             ? g_strdup (aak_mode_name (profile->mode))
             : g_strdup_printf ("%s, signal %u", aak_mode_name (profile->mode),
                                profile->kill_signal);
}

static char *
flags_text (const AakPolicyProfile *profile)
{
  static const struct
  {
    guint32 bit;
    const char *word;
  } flags[] = {
    { AAK_PATH_ATTACH_DISCONNECTED, "attach_disconnected" },
    { AAK_PATH_CHROOT_RELATIVE, "chroot_relative" },
    { AAK_PATH_CHROOT_ATTACH, "chroot_attach" },
    { AAK_PATH_MEDIATE_DELETED, "mediate_deleted" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  guint32 rest = profile->path_flags;
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if ((rest & flags[i].bit) != 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", flags[i].word);
      rest &= ~flags[i].bit;
    }
  if (rest != 0)
    g_string_append_printf (text, "%s0x%x", text->len > 0 ? ", " : "", rest);
  if (profile->disconnected != NULL)
    {
      g_autofree char *path = aak_escape (profile->disconnected, strlen (profile->disconnected));
      g_string_append_printf (text, "%sattach_disconnected.path=%s", text->len > 0 ? ", " : "",
                              path);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The names of the extended attributes that an attachment depends on. */
static char *
attributes_text (const AakPolicyProfile *profile)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_ptr_array_extend (names, profile->attributes, NULL, NULL);
  g_ptr_array_sort (names, aak_compare_texts);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *shown = aak_escape (name, strlen (name));
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
compare_properties (AakProfileDiff *diff)
{
  const AakPolicyProfile *before = diff->before, *after = diff->after;
  add_change (diff, "mode", mode_text (before), mode_text (after));
  add_change (diff, "flags", flags_text (before), flags_text (after));
  add_change (diff, "xattrs", attributes_text (before), attributes_text (after));
  add_change (diff, "hat", g_strdup (before->is_hat ? "yes" : "no"),
              g_strdup (after->is_hat ? "yes" : "no"));
  add_change (diff, "audit", g_strdup (before->audit_all ? "all" : "by rule"),
              g_strdup (after->audit_all ? "all" : "by rule"));
}

/* --- two profiles ---------------------------------------------------------------------------- */

static gboolean
compare_pair (AakProfileDiff *diff, const AakDiffTree *tree, GError **error)
{
  gboolean more[2];
  compare_properties (diff);
  diff->lost = aak_policy_excess (diff->before, diff->after, MOST, &more[0], error);
  diff->gained = diff->lost != NULL
                     ? aak_policy_excess (diff->after, diff->before, MOST, &more[1], error)
                     : NULL;
  if (diff->gained == NULL)
    return FALSE;
  diff->more = more[0] || more[1];
  if (tree->tree == NULL)
    return TRUE;
  diff->files = aak_file_diff (diff->before, diff->after, tree, diff->skipped, error);
  return diff->files != NULL;
}

static gboolean
differs (const AakProfileDiff *diff)
{
  return diff->before == NULL || diff->after == NULL || diff->changes->len > 0
         || diff->lost->len > 0 || diff->gained->len > 0;
}

gboolean
aak_profile_diff_allows (const AakProfileDiff *diff)
{
  const GPtrArray *sides[] = { diff->lost, diff->gained };
  if (diff->before == NULL || diff->after == NULL)
    return TRUE;
  for (guint i = 0; i < diff->changes->len; i++)
    if (!((const AakProfileChange *) diff->changes->pdata[i])->records_only)
      return TRUE;
  for (guint side = 0; side < G_N_ELEMENTS (sides); side++)
    for (guint i = 0; i < sides[side]->len; i++)
      if (((const AakExcess *) sides[side]->pdata[i])->kind == AAK_EXCESS_ALLOWED)
        return TRUE;
  return FALSE;
}

/* --- pairs ----------------------------------------------------------------------------------- */

typedef struct
{
  gboolean by_features; /* profiles of one name, but of other feature sets, are no pair */
  const char *as[2];    /* the only profile of each side, which the other's is compared with */
} Pairing;

/* The name that @name of the side @from is compared with. */
static char *
name_there (const Pairing *pairing, guint from, const char *name)
{
  const char *only = pairing->as[from];
  gsize len = only != NULL ? strlen (only) : 0;
  if (only == NULL || strncmp (name, only, len) != 0
      || (name[len] != '\0' && !g_str_has_prefix (name + len, "//")))
    return g_strdup (name);
  return g_strconcat (pairing->as[1 - from], name + len, NULL);
}

static const AakDiffProfile *
find (const AakDiffSide *side, const char *name, const char *features)
{
  GPtrArray *profiles = aak_diff_side_profiles (side);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakDiffProfile *profile = profiles->pdata[i];
      if (strcmp (profile->name, name) == 0
          && (features == NULL || g_strcmp0 (profile->features, features) == 0))
        return profile;
    }
  return NULL;
}

/* Adds the difference to @diffs where there is one; TRUE unless something failed. */
static gboolean
add_pair (GPtrArray *diffs, const AakDiffProfile *before, const AakDiffProfile *after,
          const AakDiffTree *tree, const Pairing *pairing, GError **error)
{
  const AakDiffProfile *any = after != NULL ? after : before;
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func (diff_free);
  AakProfileDiff *diff = g_new0 (AakProfileDiff, 1);
  g_ptr_array_add (one, diff);
  diff->name = pairing->by_features ? g_strdup_printf ("%s [%s]", any->name, any->features)
                                    : g_strdup (any->name);
  diff->before = before != NULL ? before->profile : NULL;
  diff->after = after != NULL ? after->profile : NULL;
  diff->before_path = before != NULL ? before->path : NULL;
  diff->after_path = after != NULL ? after->path : NULL;
  diff->skipped = g_ptr_array_new_with_free_func (g_free);
  diff->changes = g_ptr_array_new_with_free_func (change_free);
  if (before == NULL || after == NULL)
    {
      diff->lost = g_ptr_array_new ();
      diff->gained = g_ptr_array_new ();
    }
  else if (!compare_pair (diff, tree, error))
    {
      g_autofree char *shown = aak_escape (diff->name, strlen (diff->name));
      g_prefix_error (error, "profile \"%s\": ", shown);
      return FALSE;
    }
  if (differs (diff))
    g_ptr_array_add (diffs, g_ptr_array_steal_index (one, 0));
  return TRUE;
}

static gboolean
choose_pairing (const AakDiffSide *before, const AakDiffSide *after, Pairing *out, GError **error)
{
  gboolean several[] = { aak_diff_side_feature_sets (before) > 1,
                         aak_diff_side_feature_sets (after) > 1 };
  if (several[0] != several[1])
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "%s was compiled for several feature sets, %s was not: choose one with "
                   "--features",
                   several[0] ? "OLD" : "NEW", several[0] ? "NEW" : "OLD");
      return FALSE;
    }
  const char *one = aak_diff_side_only (before), *other = aak_diff_side_only (after);
  gboolean both = one != NULL && other != NULL;
  *out = (Pairing){ several[0], { both ? one : NULL, both ? other : NULL } };
  return TRUE;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AakProfileDiff *const *) a)->name, (*(AakProfileDiff *const *) b)->name);
}

GPtrArray *
aak_profile_diff (const AakDiffSide *before, const AakDiffSide *after, const AakDiffTree *tree,
                  GError **error)
{
  Pairing pairing;
  g_autoptr (GPtrArray) diffs = g_ptr_array_new_with_free_func (diff_free);
  GPtrArray *old = aak_diff_side_profiles (before), *new = aak_diff_side_profiles (after);
  if (!choose_pairing (before, after, &pairing, error))
    return NULL;
  for (guint i = 0; i < old->len; i++)
    {
      const AakDiffProfile *profile = old->pdata[i];
      g_autofree char *name = name_there (&pairing, 0, profile->name);
      const AakDiffProfile *other =
          find (after, name, pairing.by_features ? profile->features : NULL);
      if (!add_pair (diffs, profile, other, tree, &pairing, error))
        return NULL;
    }
  for (guint i = 0; i < new->len; i++)
    {
      const AakDiffProfile *profile = new->pdata[i];
      g_autofree char *name = name_there (&pairing, 1, profile->name);
      if (find (before, name, pairing.by_features ? profile->features : NULL) == NULL
          && !add_pair (diffs, NULL, profile, tree, &pairing, error))
        return NULL;
    }
  g_ptr_array_sort (diffs, by_name);
  return g_steal_pointer (&diffs);
}
