/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The directory of a bundle that is being made: beside the one whose place it takes, and gone where
 * it is not finished. */
#pragma once

#include <glib.h>

typedef struct AakBundleDir AakBundleDir;

/* A directory beside @path (an absolute path), empty and locked. Removes those that killed builds
 * have left there. INVALID where @path is something else than a bundle or an empty directory. Free
 * with aak_bundle_dir_free(), which removes it unless it was finished. */
AakBundleDir *aak_bundle_dir_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_bundle_dir_free (AakBundleDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBundleDir, aak_bundle_dir_free)

/* Removes what killed builds have left beside @path (an absolute path). */
void aak_bundle_dir_sweep (const char *path);

/* Takes files from the bundle in the directory @old, a descriptor that outlives @dir, see
 * aak_bundle_dir_keep(). */
void aak_bundle_dir_set_old (AakBundleDir *dir, int old);

/* Makes the directory @sub in it, once. */
gboolean aak_bundle_dir_make (AakBundleDir *dir, const char *sub,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @bytes as the file @name in @sub, which was made, or at its top where that is "". A file
 * that is there already stays. */
gboolean aak_bundle_dir_put (AakBundleDir *dir, const char *sub, const char *name, GBytes *bytes,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a file that the old bundle has, which is known to hold @bytes: it gets a second name
 * instead of being written. Written all the same where that cannot be, or where it is not as
 * aak_bundle_dir_put() makes files. */
gboolean aak_bundle_dir_keep (AakBundleDir *dir, const char *sub, const char *name, GBytes *bytes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings everything to the disk, and the directory to its place. */
gboolean aak_bundle_dir_finish (AakBundleDir *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
