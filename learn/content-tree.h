/* SPDX-License-Identifier: GPL-2.0-or-later
 * The statistical pass: a directory from which an application reads one file after another of the
 * same kind is content that it serves, and tomorrow it serves other files of those kinds. */
#pragma once

#include "learn/observations.h"

/* How many files of one extension, read and nothing else, directly in a directory make it a content
 * tree. */
#define AAK_CONTENT_MIN_SIBLINGS 3

typedef struct AakContentTree AakContentTree;

/* The content trees in @sorted (AakObservation*), by their directory. System directories never are;
 * see content-tree.c. The caller owns the table. */
GHashTable *aak_content_tree_detect (GPtrArray *sorted);

/* The outermost tree of @trees that @observation belongs to, or NULL: it lies below the tree, was
 * only read, and is no secret. */
const AakContentTree *aak_content_tree_find (GHashTable *trees, const AakObservation *observation);

/* The pattern that stands for @path in @tree: "/var/www/html/" and "a/b.html" give "/var/www/html/"
 * "**.html". */
char *aak_content_tree_pattern (const AakContentTree *tree, const char *path);
