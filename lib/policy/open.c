/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Opens policy for questions. */
#include "config.h"

#include "lib/policy/open.h"

#include "lib/bundle.h"
#include "lib/compiler.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

/* The feature set that was named, or the kernel's. */
static AakFeatures *
choose_features (const AakPolicyOpen *where, GError **error)
{
  AakFeatures *features = where->features != NULL ? aak_features_named (where->features, error)
                                                  : aak_features_kernel (where->root, error);
  if (features == NULL)
    g_prefix_error (error, where->features != NULL
                               ? "--features: "
                               : "for which kernel? Name its feature set with --features; ");
  return features;
}

/* --- bundles --------------------------------------------------------------------------------- */

/* The profile of @bundle that is @label, or of which it is a child. */
static const AakBundleProfile *
find_in_bundle (const AakBundle *bundle, const char *label)
{
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakBundleProfile *profile = profiles->pdata[i];
      gsize len = strlen (profile->name);
      if (strncmp (label, profile->name, len) == 0
          && (label[len] == '\0' || strncmp (label + len, "//", 2) == 0))
        return profile;
    }
  return NULL;
}

/* The id of the feature set to read; the caller frees it. */
static char *
choose_id (const AakBundle *bundle, const AakPolicyOpen *where, GError **error)
{
  GPtrArray *ids = aak_bundle_features (bundle);
  if (where->features != NULL && aak_features_is_id (where->features))
    return g_strdup (where->features);
  if (where->features == NULL && ids->len == 1)
    return g_strdup (ids->pdata[0]);
  g_autoptr (AakFeatures) features = choose_features (where, error);
  return features != NULL ? g_strdup (aak_features_id (features)) : NULL;
}

static AakPolicySet *
open_bundle (const char *path, const char *label, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read (path, error);
  g_autofree char *id = bundle != NULL ? choose_id (bundle, where, error) : NULL;
  if (id == NULL)
    return NULL;
  const AakBundleProfile *profile = find_in_bundle (bundle, label);
  if (profile == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no such profile in this bundle");
      return NULL;
    }
  g_autoptr (AakPolicy) policy = aak_bundle_load (bundle, profile, id, error);
  return policy != NULL ? aak_policy_set_new (path, policy->blob, error) : NULL;
}

/* --- files ----------------------------------------------------------------------------------- */

static GBytes *
compile_for (const char *what, GBytes *text, const AakFeatures *features, const char *base,
             GError **error)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (base, error);
  return compiler != NULL ? aak_compiler_compile (compiler, features, what, text, NULL, error)
                          : NULL;
}

GBytes *
aak_policy_compile (const char *what, GBytes *text, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (AakFeatures) features = choose_features (where, error);
  return features != NULL ? compile_for (what, text, features, where->base, error) : NULL;
}

static AakPolicySet *
compile (const char *path, const AakFeatures *features, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (GBytes) text = where->read_text != NULL ? where->read_text (path, error)
                                                     : aak_policy_read_text (path, error);
  g_autoptr (GBytes) blob =
      text != NULL ? compile_for (path, text, features, where->base, error) : NULL;
  return blob != NULL ? aak_policy_set_new (path, blob, error) : NULL;
}

/* *@out_features: what it was compiled for, where that is known. */
static AakPolicySet *
open_file (const char *path, const AakPolicyOpen *where, AakFeatures **out_features, GError **error)
{
  g_autoptr (GBytes) data = aak_fs_read (path, AAK_POLICY_MAX, error);
  if (data == NULL)
    return NULL;
  gboolean compiled = aak_policy_blob_is (data), known = !compiled || where->features != NULL;
  g_autoptr (AakFeatures) features = known ? choose_features (where, error) : NULL;
  if (known && features == NULL)
    return NULL;
  AakPolicySet *set =
      compiled ? aak_policy_set_new (path, data, error) : compile (path, features, where, error);
  if (set != NULL)
    *out_features = g_steal_pointer (&features);
  return set;
}

/* The names that @set has, for the one who named another. */
static char *
list_names (const AakPolicySet *set)
{
  static const guint most = 10;
  GPtrArray *profiles = aak_policy_set_profiles (set);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < MIN (profiles->len, most); i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      g_autofree char *shown = aak_escape (profile->name, strlen (profile->name));
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (profiles->len > most)
    g_string_append (names, ", ...");
  return g_string_free (g_steal_pointer (&names), FALSE);
}

AakPolicySet *
aak_policy_open (const char *path, const char *label, const AakPolicyOpen *where, GError **error)
{
  g_autofree char *shown_label = aak_escape (label, strlen (label));
  if (aak_bundle_is (path))
    {
      AakPolicySet *set = open_bundle (path, label, where, error);
      if (set == NULL)
        g_prefix_error (error, "cannot read profile \"%s\": ", shown_label);
      return set;
    }
  g_autoptr (AakFeatures) features = NULL;
  g_autoptr (AakPolicySet) set = open_file (path, where, &features, error);
  if (set != NULL && aak_policy_set_find (set, label) == NULL)
    {
      g_autofree char *names = list_names (set);
      g_autofree char *shown = aak_escape (path, strlen (path));
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "%s has no profile \"%s\"; it has %s",
                   shown, shown_label, names);
      return NULL;
    }
  return g_steal_pointer (&set);
}

/* --- all of it ------------------------------------------------------------------------------- */

/* All profiles of @bundle as they are for the feature set @id. */
static gboolean
each_of_bundle (const AakBundle *bundle, const char *path, const char *id, AakPolicyPieceFunc each,
                gpointer user_data, GError **error)
{
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  g_autoptr (AakFeatures) features = aak_bundle_load_features (bundle, id, error);
  for (guint i = 0; features != NULL && i < profiles->len; i++)
    {
      g_autoptr (AakPolicy) policy = aak_bundle_load (bundle, profiles->pdata[i], id, error);
      g_autoptr (AakPolicySet) set =
          policy != NULL ? aak_policy_set_new (path, policy->blob, error) : NULL;
      const AakPolicyPiece piece = { path, features, set };
      if (set == NULL || !each (&piece, user_data, error))
        return FALSE;
    }
  return features != NULL;
}

static gboolean
open_each_of_bundle (const char *path, const AakPolicyOpen *where, AakPolicyPieceFunc each,
                     gpointer user_data, GError **error)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read (path, error);
  if (bundle == NULL)
    return FALSE;
  g_autofree char *chosen = NULL;
  if (where->features != NULL && (chosen = choose_id (bundle, where, error)) == NULL)
    return FALSE;
  GPtrArray *ids = aak_bundle_features (bundle);
  for (guint i = 0; chosen == NULL && i < ids->len; i++)
    if (!each_of_bundle (bundle, path, ids->pdata[i], each, user_data, error))
      return FALSE;
  return chosen == NULL || each_of_bundle (bundle, path, chosen, each, user_data, error);
}

gboolean
aak_policy_open_each (const char *path, const AakPolicyOpen *where, AakPolicyPieceFunc each,
                      gpointer user_data, GError **error)
{
  if (aak_bundle_is (path))
    return open_each_of_bundle (path, where, each, user_data, error);
  const char *const paths[] = { path, NULL };
  g_autoptr (GPtrArray) files =
      aak_policy_collect (paths, where->read_text != NULL ? AAK_POLICY_STATES : AAK_POLICY_TEXTS,
                          error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      g_autoptr (AakFeatures) features = NULL;
      g_autoptr (AakPolicySet) set = open_file (files->pdata[i], where, &features, error);
      const AakPolicyPiece piece = { files->pdata[i], features, set };
      if (set == NULL || !each (&piece, user_data, error))
        return FALSE;
    }
  return files != NULL;
}
