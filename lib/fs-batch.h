/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Many files of one directory, each written whole or not at all as by aak_fs_write(), but waiting
 * for the disk together. */
#pragma once

#include <glib.h>

typedef struct AakFsBatch AakFsBatch;

/* A batch for the directory @dir. Free with aak_fs_batch_free(), which removes what was added and
 * not finished. */
AakFsBatch *aak_fs_batch_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_fs_batch_free (AakFsBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFsBatch, aak_fs_batch_free)

/* Writes @data to a temporary file for @name, with @mode whatever the umask. @name itself stays
 * what it is. */
gboolean aak_fs_batch_add (AakFsBatch *batch, const char *name, GBytes *data, guint mode,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings the files to the disk, and only then each to its name, in the order of their addition; the
 * last fsync is that of the directory. Where it fails, some may have their names. */
gboolean aak_fs_batch_finish (AakFsBatch *batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
