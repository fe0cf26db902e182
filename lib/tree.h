/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Directory trees: clone, remove, and put a finished one into the place of another. */
#pragma once

#include <glib.h>

/* Removes @path and everything below it; symbolic links are removed, not followed. What cannot be
 * removed stays. */
void aak_tree_remove (const char *path);

/* Makes @to a copy of the directory @from: directories are new, regular files are hard links (so
 * change them only by replacing them), symbolic links are copied. NOT_FOUND where @from is missing;
 * on failure @to is removed again. */
gboolean aak_tree_clone (const char *from, const char *to,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the directory @fresh into the place of @path in one step and removes what was there. Where
 * the filesystem cannot exchange two names, the old one is moved away first: then there is a moment
 * without either. @fresh and @path are in one directory, which is flushed to the disk. */
gboolean aak_tree_swap (const char *fresh, const char *path,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
