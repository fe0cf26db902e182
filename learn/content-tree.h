/* SPDX-License-Identifier: GPL-2.0-or-later
 * The statistical pass: a directory from which an application reads one file after another of the
 * same kind is content that it serves, and tomorrow it serves other files of those kinds. */
#pragma once

#include <glib.h>

/* How many files of one extension, read directly in a directory, make it a content tree. */
#define AAK_CONTENT_MIN_SIBLINGS 3
/* How many files below it, of whatever kinds, show that an application serves what lies there. */
#define AAK_CONTENT_SURE_FILES 8

/* The pass's name. */
#define AAK_CONTENT_PASS "content"

typedef struct AakContentTrees AakContentTrees;

AakContentTrees *aak_content_trees_new (void);
void aak_content_trees_free (AakContentTrees *trees);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakContentTrees, aak_content_trees_free)

/* Counts a file that was read: @path, for which @pattern stands by the certain passes with some of
 * its own names widened, and @file with none. Two that are one @file count once. */
void aak_content_trees_count (AakContentTrees *trees, const char *path, const char *pattern,
                              const char *file);

/* TRUE where so many files were counted below the directory that @pattern, one of a tree, begins
 * with. */
gboolean aak_content_trees_are_sure (const AakContentTrees *trees, const char *pattern);

/* The patterns of the trees that such a file lies in, the outermost first: of "/var/www/html/" and
 * "a/b.html" it is "/var/www/html/" "**.html". @all: of every directory that could become a tree.
 * The caller frees the array and what is in it. */
GPtrArray *aak_content_trees_find (const AakContentTrees *trees, const char *path,
                                   const char *pattern, gboolean all);
