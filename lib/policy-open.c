/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Opens policy for questions. */
#include "config.h"

#include "lib/policy-open.h"

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

/* TRUE where @data begins as compiled policy does, or as zstd does. */
static gboolean
is_compiled (GBytes *data)
{
  static const guint8 header[] = { 4, 8, 0, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0 };
  static const guint8 zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
  gsize len = 0;
  const guint8 *p = g_bytes_get_data (data, &len);
  return (len >= sizeof header && memcmp (p, header, sizeof header) == 0)
         || (len >= sizeof zstd && memcmp (p, zstd, sizeof zstd) == 0)
         || (len >= 8 + sizeof zstd && memcmp (p + 8, zstd, sizeof zstd) == 0);
}

GBytes *
aak_policy_compile (const char *what, GBytes *text, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (AakFeatures) features = choose_features (where, error);
  g_autoptr (AakCompiler) compiler =
      features != NULL ? aak_compiler_new (where->base, error) : NULL;
  return compiler != NULL ? aak_compiler_compile (compiler, features, what, text, NULL, error)
                          : NULL;
}

static AakPolicySet *
compile (const char *path, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (GBytes) text = aak_policy_read_text (path, error);
  g_autoptr (GBytes) blob = text != NULL ? aak_policy_compile (path, text, where, error) : NULL;
  return blob != NULL ? aak_policy_set_new (path, blob, error) : NULL;
}

static AakPolicySet *
open_file (const char *path, const AakPolicyOpen *where, GError **error)
{
  g_autoptr (GBytes) data = aak_fs_read (path, AAK_POLICY_MAX, error);
  if (data == NULL)
    return NULL;
  return is_compiled (data) ? aak_policy_set_new (path, data, error) : compile (path, where, error);
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
  g_autoptr (AakPolicySet) set = open_file (path, where, error);
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
