/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading bundles, which may come from anywhere. */
#include "config.h"

#include "lib/bundle.h"

#include "lib/bundle-files.h"
#include "lib/bundle-manifest.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/room.h"
#include "lib/seccomp/name.h"
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
  gboolean flat;       /* it has no directories */
  AakPathTrust owners; /* of its files */
  gboolean verified;   /* one of the keys that were asked for has signed it */
  char *digest;        /* of the manifest */
  AakBundleManifest manifest;
  AakRoom *room; /* for blobs; NULL: each has its own */
};

void
aak_bundle_free (AakBundle *bundle)
{
  aak_fd_clear (&bundle->top);
  g_free (bundle->path);
  g_free (bundle->digest);
  g_clear_pointer (&bundle->room, aak_room_free);
  aak_bundle_manifest_clear (&bundle->manifest);
  g_free (bundle);
}

int
aak_bundle_fd (const AakBundle *bundle)
{
  return bundle->top;
}

GPtrArray *
aak_bundle_profiles (const AakBundle *bundle)
{
  return bundle->manifest.profiles;
}

GPtrArray *
aak_bundle_features (const AakBundle *bundle)
{
  return bundle->manifest.features;
}

GPtrArray *
aak_bundle_seccomp (const AakBundle *bundle)
{
  return bundle->manifest.seccomp;
}

const char *
aak_bundle_manifest_digest (const AakBundle *bundle)
{
  return bundle->digest;
}

const char *
aak_bundle_path (const AakBundle *bundle)
{
  return bundle->path;
}

const char *
aak_bundle_parser (const AakBundle *bundle)
{
  return bundle->manifest.parser;
}

gboolean
aak_bundle_is_flat (const AakBundle *bundle)
{
  return bundle->flat;
}

char *
aak_bundle_flat_name (const char *dir, const char *file)
{
  return g_strdup_printf ("%s.%s", dir, file);
}

char *
aak_bundle_file_path (const char *path, const char *dir, const char *file)
{
  g_autofree char *inside = g_build_filename (path, dir, NULL);
  g_autofree char *flat = aak_bundle_flat_name (dir, file);
  return g_file_test (inside, G_FILE_TEST_IS_DIR) ? g_build_filename (inside, file, NULL)
                                                  : g_build_filename (path, flat, NULL);
}

char *
aak_bundle_text_path (const char *path, const char *name)
{
  const char *child = strstr (name, "//");
  g_autofree char *parent =
      child != NULL ? g_strndup (name, (gsize) (child - name)) : g_strdup (name);
  g_autofree char *file = aak_policy_file_name (parent, NULL);
  return file != NULL ? aak_bundle_file_path (path, AAK_BUNDLE_TEXTS, file) : NULL;
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
  if (bundle->flat && dir != NULL)
    {
      g_autofree char *name = aak_bundle_flat_name (dir, file);
      return read_inside (bundle, NULL, name, max, error);
    }
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

/* A bundle of which nothing was read. */
static AakBundle *
bundle_open (int top, const char *path, AakPathTrust owners, GError **error)
{
  g_autoptr (AakBundle) bundle = g_new0 (AakBundle, 1);
  bundle->path = aak_escape (path, strlen (path));
  bundle->owners = owners;
  bundle->top = fcntl (top, F_DUPFD_CLOEXEC, 0);
  if (bundle->top < 0)
    {
      aak_error_set_errno (error, errno, "cannot open %s", bundle->path);
      return NULL;
    }
  bundle->flat =
      faccessat (top, AAK_BUNDLE_TEXTS, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
  return g_steal_pointer (&bundle);
}

/* The manifest's bytes. */
static GBytes *
read_manifest (const AakBundle *bundle, GError **error)
{
  return read_inside (bundle, NULL, AAK_BUNDLE_MANIFEST, MAX_MANIFEST, error);
}

char *
aak_bundle_digest (int top, const char *path, AakPathTrust owners, GError **error)
{
  g_autoptr (AakBundle) bundle = bundle_open (top, path, owners, error);
  g_autoptr (GBytes) text = bundle != NULL ? read_manifest (bundle, error) : NULL;
  return text != NULL ? aak_sha256_of (text) : NULL;
}

AakBundle *
aak_bundle_read_open (int top, const char *path, const AakBundleTrust *trust, GError **error)
{
  g_autoptr (AakBundle) bundle = bundle_open (top, path, trust->owners, error);
  g_autoptr (GBytes) text = bundle != NULL ? read_manifest (bundle, error) : NULL;
  if (text == NULL || !check_signature (bundle, text, trust->keys, error))
    return NULL;
  bundle->verified = trust->keys != NULL; /* else it is not given out */
  bundle->digest = aak_sha256_of (text);
  g_autofree char *shown = g_build_filename (bundle->path, AAK_BUNDLE_MANIFEST, NULL);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (shown, text, error);
  if (yaml == NULL || !aak_bundle_manifest_read (yaml, &bundle->manifest, error)
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
  return bundle->room != NULL ? aak_room_put (bundle->room, bytes) : g_steal_pointer (&bytes);
}

void
aak_bundle_make_room (AakBundle *bundle, const char *id, gsize max)
{
  gsize total = 0;
  for (guint i = 0; i < bundle->manifest.profiles->len; i++)
    {
      const AakBundleBlob *blob = find_blob (bundle->manifest.profiles->pdata[i], id);
      total += blob != NULL ? MIN (blob->size, max - total) : 0;
    }
  g_clear_pointer (&bundle->room, aak_room_free);
  bundle->room = aak_room_new (total);
}

AakFeatures *
aak_bundle_load_features (const AakBundle *bundle, const char *id, GError **error)
{
  g_autofree char *what = g_build_filename (bundle->path, id, AAK_BUNDLE_FEATURES, NULL);
  g_autoptr (GBytes) bytes =
      read_inside (bundle, id, AAK_BUNDLE_FEATURES, AAK_FEATURES_MAX_TEXT, error);
  g_autofree char *text = bytes != NULL ? aak_fs_text (bytes, what, error) : NULL;
  g_autoptr (AakFeatures) features = text != NULL ? aak_features_parse (what, text, error) : NULL;
  if (features == NULL || strcmp (aak_features_id (features), id) == 0)
    return g_steal_pointer (&features);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s is not the feature set %s", what, id);
  return NULL;
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
      bytes != NULL ? read_inside (bundle, AAK_BUNDLE_TEXTS, profile->text, MAX_BLOB, error) : NULL;
  if (text == NULL
      || !check_digest (bundle, AAK_BUNDLE_TEXTS, profile->text, text, profile->source, error))
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
  policy->sha256 = g_strdup (blob->sha256);
  policy->source = g_strdup (profile->source);
  policy->verified = bundle->verified;
  policy->serial = bundle->manifest.serial;
  policy->bundle = bundle;
  return aak_policy_ref (policy);
}

AakSeccompFile *
aak_bundle_load_seccomp (const AakBundle *bundle, const AakBundleSeccomp *entry, GError **error)
{
  const char *file = aak_seccomp_name_file (entry->name);
  g_autoptr (GBytes) bytes =
      read_inside (bundle, AAK_BUNDLE_SECCOMP, file, (gsize) entry->size, error);
  if (bytes == NULL
      || !check_digest (bundle, AAK_BUNDLE_SECCOMP, file, bytes, entry->sha256, error))
    return NULL;
  g_autofree char *what = g_build_filename (bundle->path, AAK_BUNDLE_SECCOMP, file, NULL);
  return aak_seccomp_file_new (entry->name, bytes, what, error);
}
