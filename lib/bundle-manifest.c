/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The manifest of a bundle, which may come from anywhere. */
#include "config.h"

#include "lib/bundle-manifest.h"

#include "lib/escape.h"
#include "lib/seccomp/name.h"
#include "lib/seccomp/profile.h"
#include "lib/sha256.h"

#include <string.h>

#define MAX_BLOB (64 * 1024 * 1024)

static void
blob_free (AakBundleBlob *blob)
{
  g_free (blob->features);
  g_free (blob->inputs);
  g_free (blob->sha256);
  g_free (blob);
}

static void
profile_free (AakBundleProfile *profile)
{
  g_free (profile->name);
  g_free (profile->file);
  g_free (profile->text);
  g_free (profile->source);
  g_ptr_array_unref (profile->children);
  g_ptr_array_unref (profile->blobs);
  g_free (profile);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBundleProfile, profile_free)

static void
seccomp_free (AakBundleSeccomp *seccomp)
{
  g_free (seccomp->name);
  g_free (seccomp->sha256);
  g_free (seccomp);
}

void
aak_bundle_manifest_clear (AakBundleManifest *manifest)
{
  g_clear_pointer (&manifest->parser, g_free);
  g_clear_pointer (&manifest->features, g_ptr_array_unref);
  g_clear_pointer (&manifest->profiles, g_ptr_array_unref);
  g_clear_pointer (&manifest->seccomp, g_ptr_array_unref);
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == AAK_SHA256_HEX_LEN
         && strspn (text, "0123456789abcdef") == AAK_SHA256_HEX_LEN;
}

static gboolean
read_blob (AakYamlNode node, AakBundleProfile *profile, GError **error)
{
  guint64 size = 0;
  const char *features = aak_yaml_get_text (node, "features", error);
  const char *inputs = features != NULL ? aak_yaml_get_text (node, "inputs", error) : NULL;
  const char *sha256 = inputs != NULL ? aak_yaml_get_text (node, "sha256", error) : NULL;
  if (sha256 == NULL || !aak_yaml_get_uint (node, "size", &size, error))
    return FALSE;
  if (!aak_features_is_id (features) || !is_sha256 (sha256))
    return aak_yaml_error (node, error, "a damaged digest or feature set id");
  if (size == 0 || size > MAX_BLOB)
    return aak_yaml_error (node, error, "an impossible size");
  AakBundleBlob *blob = g_new0 (AakBundleBlob, 1);
  blob->features = g_strdup (features);
  blob->inputs = g_strdup (inputs);
  blob->sha256 = g_strdup (sha256);
  blob->size = size;
  g_ptr_array_add (profile->blobs, blob);
  return TRUE;
}

static gboolean
read_child (AakYamlNode node, AakBundleProfile *profile, GError **error)
{
  const char *text = aak_yaml_text (node, error);
  char *name = text != NULL ? aak_unescape (text, NULL) : NULL;
  if (name == NULL)
    return text != NULL && aak_yaml_error (node, error, "a damaged escape");
  g_ptr_array_add (profile->children, name);
  return TRUE;
}

typedef gboolean (*ReadItem) (AakYamlNode node, AakBundleProfile *profile, GError **error);

static gboolean
read_list (AakYamlNode node, const char *key, AakBundleProfile *profile, ReadItem read_item,
           GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (node, key, &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_item (aak_yaml_item (list, i), profile, error))
      return FALSE;
  return TRUE;
}

/* Paths are never taken from the manifest: they follow from names by rule, and it must say the
 * same. */
static gboolean
check_names (AakYamlNode node, const AakBundleProfile *profile, GError **error)
{
  g_autofree char *file = aak_policy_file_name (profile->name, NULL);
  if (file == NULL || strcmp (file, profile->file) != 0)
    return aak_yaml_error (node, error, "file: not the file name of this profile");
  g_autofree char *text = aak_policy_file_name (profile->text, NULL);
  if (text == NULL || strcmp (text, profile->text) != 0)
    return aak_yaml_error (node, error, "text: not a plain file name");
  return is_sha256 (profile->source) || aak_yaml_error (node, error, "source: not a digest");
}

static gboolean
read_profile (AakYamlNode node, AakBundleManifest *manifest, GHashTable *files, GError **error)
{
  g_autoptr (AakBundleProfile) profile = g_new0 (AakBundleProfile, 1);
  profile->children = g_ptr_array_new_with_free_func (g_free);
  profile->blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) blob_free);
  const struct
  {
    const char *key;
    char **out;
  } texts[] = {
    { "name", &profile->name },
    { "file", &profile->file },
    { "text", &profile->text },
    { "source", &profile->source },
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = aak_yaml_get_text (node, texts[i].key, error);
      if (text == NULL)
        return FALSE;
      *texts[i].out = g_strdup (text);
    }
  const char *mode = aak_yaml_get_text (node, "mode", error);
  if (mode == NULL)
    return FALSE;
  if (!aak_mode_parse (mode, &profile->mode))
    return aak_yaml_error (node, error, "an unknown mode");
  if (!check_names (node, profile, error)
      || !read_list (node, "children", profile, read_child, error)
      || !read_list (node, "blobs", profile, read_blob, error))
    return FALSE;
  if (!g_hash_table_add (files, profile->file))
    return aak_yaml_error (node, error, "a second profile of this name");
  g_ptr_array_add (manifest->profiles, g_steal_pointer (&profile));
  return TRUE;
}

static gboolean
read_seccomp (AakYamlNode node, AakBundleManifest *manifest, GHashTable *names, GError **error)
{
  guint64 size = 0;
  const char *name = aak_yaml_get_text (node, "name", error);
  const char *sha256 = name != NULL ? aak_yaml_get_text (node, "sha256", error) : NULL;
  if (sha256 == NULL || !aak_yaml_get_uint (node, "size", &size, error))
    return FALSE;
  if (!aak_seccomp_is_name (name))
    return aak_yaml_error (node, error, "name: not that of a seccomp profile");
  if (!is_sha256 (sha256))
    return aak_yaml_error (node, error, "a damaged digest");
  if (size == 0 || size > AAK_SECCOMP_MAX_SIZE)
    return aak_yaml_error (node, error, "an impossible size");
  AakBundleSeccomp *seccomp = g_new0 (AakBundleSeccomp, 1);
  *seccomp = (AakBundleSeccomp){ g_strdup (name), g_strdup (sha256), size };
  g_ptr_array_add (manifest->seccomp, seccomp);
  return g_hash_table_add (names, seccomp->name)
         || aak_yaml_error (node, error, "a second seccomp profile of this name");
}

/* The seccomp profiles, where there are any. */
static gboolean
read_seccomps (AakYamlNode root, AakBundleManifest *manifest, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (root, "seccomp", &list))
    return TRUE;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_seccomp (aak_yaml_item (list, i), manifest, names, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_all (const AakYaml *yaml, AakBundleManifest *manifest, GError **error)
{
  AakYamlNode root = aak_yaml_root (yaml), list, serial;
  guint length = 0;
  const char *parser = NULL;
  if (!aak_yaml_check_schema (yaml, "bundle", 1, error)
      || (parser = aak_yaml_get_text (root, "parser", error)) == NULL
      || !aak_yaml_get (root, "features", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  manifest->parser = g_strdup (parser);
  if (aak_yaml_find (root, "serial", &serial)
      && !aak_yaml_get_uint (root, "serial", &manifest->serial, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      const char *id = aak_yaml_text (aak_yaml_item (list, i), error);
      if (id == NULL || !aak_features_is_id (id))
        return id != NULL && aak_yaml_error (list, error, "not the id of a feature set");
      g_ptr_array_add (manifest->features, g_strdup (id));
    }
  if (!aak_yaml_get (root, "profiles", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  g_autoptr (GHashTable) files = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < length; i++)
    if (!read_profile (aak_yaml_item (list, i), manifest, files, error))
      return FALSE;
  return read_seccomps (root, manifest, error);
}

gboolean
aak_bundle_manifest_read (const AakYaml *yaml, AakBundleManifest *out, GError **error)
{
  g_auto (AakBundleManifest) manifest = { NULL };
  manifest.features = g_ptr_array_new_with_free_func (g_free);
  manifest.profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) profile_free);
  manifest.seccomp = g_ptr_array_new_with_free_func ((GDestroyNotify) seccomp_free);
  if (!read_all (yaml, &manifest, error))
    return FALSE;
  *out = manifest;
  manifest = (AakBundleManifest){ NULL };
  return TRUE;
}
