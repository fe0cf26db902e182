/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading bundles, which may come from anywhere. */
#include "config.h"

#include "lib/bundle.h"

#include "lib/bundle-files.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/signature.h"
#include "lib/trust.h"
#include "lib/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_MANIFEST (64 * 1024 * 1024)
#define MAX_BLOB     (64 * 1024 * 1024)

struct AakBundle
{
  char *path;
  AakFd top;           /* the directory; whatever takes its place later */
  AakPathTrust owners; /* of its files */
  char *parser;
  GPtrArray *features; /* of char * */
  GPtrArray *profiles; /* of AakBundleProfile */
  GHashTable *files;   /* of each profile: its file */
};

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

void
aak_bundle_free (AakBundle *bundle)
{
  aak_fd_clear (&bundle->top);
  g_free (bundle->path);
  g_free (bundle->parser);
  g_ptr_array_unref (bundle->features);
  g_hash_table_unref (bundle->files);
  g_ptr_array_unref (bundle->profiles);
  g_free (bundle);
}

GPtrArray *
aak_bundle_profiles (const AakBundle *bundle)
{
  return bundle->profiles;
}

GPtrArray *
aak_bundle_features (const AakBundle *bundle)
{
  return bundle->features;
}

const char *
aak_bundle_path (const AakBundle *bundle)
{
  return bundle->path;
}

const char *
aak_bundle_parser (const AakBundle *bundle)
{
  return bundle->parser;
}

gboolean
aak_bundle_is (const char *path)
{
  g_auto (AakFd) top = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return top >= 0 && aak_bundle_is_open (top);
}

gboolean
aak_bundle_is_open (int top)
{
  return faccessat (top, AAK_BUNDLE_MANIFEST, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- the manifest ---------------------------------------------------------------------------- */

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
read_profile (AakYamlNode node, AakBundle *bundle, GError **error)
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
  if (!g_hash_table_add (bundle->files, g_strdup (profile->file)))
    return aak_yaml_error (node, error, "a second profile of this name");
  g_ptr_array_add (bundle->profiles, g_steal_pointer (&profile));
  return TRUE;
}

static gboolean
read_manifest (const AakYaml *yaml, AakBundle *bundle, GError **error)
{
  AakYamlNode root = aak_yaml_root (yaml), list;
  guint length = 0;
  const char *parser = NULL;
  if (!aak_yaml_check_schema (yaml, "bundle", 1, error)
      || (parser = aak_yaml_get_text (root, "parser", error)) == NULL
      || !aak_yaml_get (root, "features", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  bundle->parser = g_strdup (parser);
  for (guint i = 0; i < length; i++)
    {
      const char *id = aak_yaml_text (aak_yaml_item (list, i), error);
      if (id == NULL || !aak_features_is_id (id))
        return id != NULL && aak_yaml_error (list, error, "not the id of a feature set");
      g_ptr_array_add (bundle->features, g_strdup (id));
    }
  if (!aak_yaml_get (root, "profiles", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_profile (aak_yaml_item (list, i), bundle, error))
      return FALSE;
  return TRUE;
}

/* --- the files ------------------------------------------------------------------------------- */

static gboolean
set_unopened (const char *path, gboolean is_named, int saved_errno, GError **error)
{
  gboolean is_missing = is_named && saved_errno == ENOENT;
  if (saved_errno != ELOOP && saved_errno != ENOTDIR && !is_missing)
    return aak_error_set_errno (error, saved_errno, "cannot open %s", path);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", path,
               is_missing ? "named in the manifest and not there: build the bundle again"
                          : "a symbolic link has no place in a bundle");
  return FALSE;
}

/* As the bundle's trust asks; @fd is open. */
static gboolean
check_owners (const AakBundle *bundle, int fd, const char *path, GError **error)
{
  struct stat st;
  if (bundle->owners == AAK_PATH_ANYBODY)
    return TRUE;
  if (fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot read %s", path);
  return aak_trust_check (&st, path, error);
}

/* Reads BUNDLE/DIR/FILE (of the bundle itself where @dir is NULL), neither of which may be a link,
 * at most @max bytes. */
static GBytes *
read_inside (const AakBundle *bundle, const char *dir, const char *file, gsize max, GError **error)
{
  g_autofree char *above = g_build_filename (bundle->path, dir, NULL);
  g_autofree char *path = g_build_filename (above, file, NULL);
  g_auto (AakFd) sub = openat (bundle->top, dir != NULL ? dir : ".",
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_auto (AakFd) fd =
      sub >= 0 ? openat (sub, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
  if (fd < 0)
    {
      set_unopened (path, dir != NULL, errno, error);
      return NULL;
    }
  /* The walk that led to the bundle has looked at its own directory. */
  if ((dir != NULL && !check_owners (bundle, sub, above, error))
      || !check_owners (bundle, fd, path, error))
    return NULL;
  return aak_fs_read_open (fd, path, max, error);
}

/* FALSE with an error where one of @keys has to have signed the manifest @text, and has not. */
static gboolean
check_signature (const AakBundle *bundle, GBytes *text, GPtrArray *keys, GError **error)
{
  if (keys == NULL)
    return TRUE;
  g_autofree char *what = g_build_filename (bundle->path, AAK_BUNDLE_MANIFEST, NULL);
  if (faccessat (bundle->top, AAK_BUNDLE_SIGNATURE, F_OK, AT_SYMLINK_NOFOLLOW) < 0
      && errno == ENOENT)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: not signed: build the bundle with 'aa-compile --sign KEY'", what);
      return FALSE;
    }
  g_autoptr (GBytes) signatures =
      read_inside (bundle, NULL, AAK_BUNDLE_SIGNATURE, AAK_SIGNATURE_MAX, error);
  return signatures != NULL && aak_signature_check (what, signatures, text, keys, error);
}

AakBundle *
aak_bundle_read_open (int top, const char *path, const AakBundleTrust *trust, GError **error)
{
  g_autoptr (AakBundle) bundle = g_new0 (AakBundle, 1);
  bundle->path = aak_escape (path, strlen (path));
  bundle->owners = trust->owners;
  bundle->features = g_ptr_array_new_with_free_func (g_free);
  bundle->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) profile_free);
  bundle->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bundle->top = fcntl (top, F_DUPFD_CLOEXEC, 0);
  if (bundle->top < 0)
    {
      aak_error_set_errno (error, errno, "cannot open %s", bundle->path);
      return NULL;
    }
  g_autofree char *shown = g_build_filename (bundle->path, AAK_BUNDLE_MANIFEST, NULL);
  g_autoptr (GBytes) text = read_inside (bundle, NULL, AAK_BUNDLE_MANIFEST, MAX_MANIFEST, error);
  if (text == NULL || !check_signature (bundle, text, trust->keys, error))
    return NULL;
  g_autoptr (AakYaml) yaml = aak_yaml_parse (shown, text, error);
  if (yaml == NULL || !read_manifest (yaml, bundle, error)
      || (trust->keys != NULL && !aak_bundle_files_check (bundle, bundle->top, error)))
    return NULL;
  return g_steal_pointer (&bundle);
}

AakBundle *
aak_bundle_read (const char *path, GError **error)
{
  static const AakBundleTrust anybody = { .owners = AAK_PATH_ANYBODY };
  g_auto (AakFd) top = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (top >= 0)
    return aak_bundle_read_open (top, path, &anybody, error);
  int saved = errno;
  g_autofree char *shown = aak_escape (path, strlen (path));
  aak_error_set_errno (error, saved, "cannot open %s", shown);
  return NULL;
}

static gboolean
set_altered (const AakBundle *bundle, const char *dir, const char *file, GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s/%s/%s: is not what the manifest says (truncated or altered)", bundle->path, dir,
               file);
  return FALSE;
}

static gboolean
check_digest (const AakBundle *bundle, const char *dir, const char *file, GBytes *bytes,
              const char *sha256, GError **error)
{
  g_autofree char *actual = aak_sha256_of (bytes);
  return strcmp (actual, sha256) == 0 || set_altered (bundle, dir, file, error);
}

/* Parts of one policy, as the manifest tells them. */
static gboolean
check_policy (const AakBundle *bundle, const AakBundleProfile *profile, const AakPolicy *policy,
              const char *id, GError **error)
{
  const char *why = NULL;
  if (strcmp (policy->name, profile->name) != 0)
    why = "holds another profile than the manifest says";
  else if (policy->mode != profile->mode)
    why = "has another mode than the manifest says";
  else if (policy->parts->len != profile->children->len + 1)
    why = "has other children than the manifest says";
  for (guint i = 1; why == NULL && i < policy->parts->len; i++)
    if (strcmp (((AakBlobProfile *) policy->parts->pdata[i])->name, profile->children->pdata[i - 1])
        != 0)
      why = "has other children than the manifest says";
  if (why == NULL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s/%s/%s: %s", bundle->path, id, profile->file,
               why);
  return FALSE;
}

static const AakBundleBlob *
find_blob (const AakBundleProfile *profile, const char *id)
{
  for (guint i = 0; i < profile->blobs->len; i++)
    {
      const AakBundleBlob *blob = profile->blobs->pdata[i];
      if (strcmp (blob->features, id) == 0)
        return blob;
    }
  return NULL;
}

static GBytes *
read_checked_blob (const AakBundle *bundle, const AakBundleProfile *profile,
                   const AakBundleBlob *blob, GError **error)
{
  g_autoptr (GBytes) bytes =
      read_inside (bundle, blob->features, profile->file, (gsize) blob->size, error);
  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) != blob->size)
    {
      set_altered (bundle, blob->features, profile->file, error);
      return NULL;
    }
  if (!check_digest (bundle, blob->features, profile->file, bytes, blob->sha256, error))
    return NULL;
  return g_steal_pointer (&bytes);
}

AakPolicy *
aak_bundle_load (const AakBundle *bundle, const AakBundleProfile *profile, const char *id,
                 GError **error)
{
  const AakBundleBlob *blob = find_blob (profile, id);
  if (blob == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "%s: profile \"%s\" is not compiled for feature set %s", bundle->path,
                   profile->name, id);
      return NULL;
    }
  g_autoptr (GBytes) bytes = read_checked_blob (bundle, profile, blob, error);
  g_autoptr (GBytes) text =
      bytes != NULL ? read_inside (bundle, "text", profile->text, MAX_BLOB, error) : NULL;
  if (text == NULL || !check_digest (bundle, "text", profile->text, text, profile->source, error))
    return NULL;
  g_autofree char *what = g_build_filename (bundle->path, id, profile->file, NULL);
  g_autoptr (GPtrArray) policies = aak_policy_split (what, bytes, text, error);
  if (policies == NULL)
    return NULL;
  AakPolicy *policy = policies->pdata[0];
  if (policies->len != 1)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: holds more than one profile", what);
      return NULL;
    }
  if (!check_policy (bundle, profile, policy, id, error))
    return NULL;
  g_free (policy->text_name);
  policy->text_name = g_strdup (profile->text);
  return aak_policy_ref (policy);
}
