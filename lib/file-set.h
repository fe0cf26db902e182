/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Several files of one directory, replaced as one: whoever is killed or loses power meanwhile finds
 * either all of the old ones or, after recovering, all of the new. */
#pragma once

#include <glib.h>

typedef struct AakFileSet AakFileSet;

AakFileSet *aak_file_set_new (void);
void aak_file_set_free (AakFileSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFileSet, aak_file_set_free)

/* Adds a file: @name, without a folder and with no dot first, and its content. */
void aak_file_set_add (AakFileSet *set, const char *name, GBytes *content);

/* Writes the files into @dir, mode 0644: beside the old ones as `.NAME.next`, then a list of them,
 * `.aakit.commit`, and from there on they take their names, whatever happens. On failure before
 * that the directory is as it was. */
gboolean aak_file_set_write (const AakFileSet *set, const char *dir,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends what a killed program had begun in @dir: to be called before files of a set are read there.
 * INVALID where the list is damaged. */
gboolean aak_file_set_recover (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
