/* SPDX-License-Identifier: GPL-2.0-or-later
 * A journal of files that change together with a plan, which are put back where it fails. */
#pragma once

#include <glib.h>

typedef struct AakFileChanges AakFileChanges;

AakFileChanges *aak_file_changes_new (void);
void aak_file_changes_free (AakFileChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFileChanges, aak_file_changes_free)

/* Notes that @path, which holds @old (NULL: there is no file), is about to be written. */
void aak_file_changes_note (AakFileChanges *changes, const char *path, GBytes *old);

/* Makes the directory @dir, and those above it that are missing. */
gboolean aak_file_changes_make_dir (AakFileChanges *changes, const char *dir,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @content to @path, which holds @old (NULL: there is no file), with the mode 0644; makes
 * the directories that are missing on the way to it. */
gboolean aak_file_changes_write (AakFileChanges *changes, const char *path, GBytes *old,
                                 GBytes *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes @path, which holds @old. */
gboolean aak_file_changes_remove (AakFileChanges *changes, const char *path, GBytes *old,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts back what was there before all this, as far as it can be, and removes the directories that
 * were made, unless somebody else put something there; the first failure is the error. */
gboolean aak_file_changes_undo (AakFileChanges *changes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
