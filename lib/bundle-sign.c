/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Signs manifests. ed25519 gives the same signature each time, so that bundles stay reproducible.
 */
#include "config.h"

#include "lib/bundle-sign.h"

#include "lib/bundle-seal.h"
#include "lib/fs.h"
#include "lib/signature.h"

#define MAX_MANIFEST (64 * 1024 * 1024)

/* The file @name of the bundle @path, or NULL. */
static GBytes *
read_of (const char *path, const char *name, gsize max)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  return aak_fs_read (file, max, NULL);
}

GBytes *
aak_bundle_sign (const char *path, GPtrArray *keys, GBytes *manifest)
{
  if (keys != NULL)
    return aak_signature_make (keys, manifest);
  g_autoptr (GBytes) old = read_of (path, AAK_BUNDLE_MANIFEST, MAX_MANIFEST);
  if (old == NULL || !g_bytes_equal (old, manifest))
    return NULL;
  return read_of (path, AAK_BUNDLE_SIGNATURE, AAK_SIGNATURE_MAX);
}

gboolean
aak_bundle_sign_is_current (const char *path, GPtrArray *keys)
{
  if (keys == NULL)
    return TRUE;
  g_autoptr (GBytes) manifest = read_of (path, AAK_BUNDLE_MANIFEST, MAX_MANIFEST);
  g_autoptr (GBytes) signatures = read_of (path, AAK_BUNDLE_SIGNATURE, AAK_SIGNATURE_MAX);
  if (manifest == NULL || signatures == NULL)
    return FALSE;
  g_autoptr (GBytes) wanted = aak_signature_make (keys, manifest);
  return g_bytes_equal (signatures, wanted);
}

gboolean
aak_bundle_sign_is_there (const char *path)
{
  g_autofree char *file = g_build_filename (path, AAK_BUNDLE_SIGNATURE, NULL);
  return g_file_test (file, G_FILE_TEST_EXISTS);
}
