/* SPDX-License-Identifier: GPL-2.0-or-later
 * The other statistical pass: a directory in which an application created one name after another is
 * where it keeps its data, and tomorrow it creates others there. */
#pragma once

#include "lib/volumes.h"

/* How many names of one kind (extension) that it created directly in a directory make others of
 * that kind its own as well; and how many directories make all that is below. */
#define AAK_DATA_MIN_FILES       5
#define AAK_DATA_MIN_DIRECTORIES 8

/* The pass's name. */
#define AAK_DATA_PASS "data"

typedef struct AakDataTrees AakDataTrees;

/* @volumes must live as long. */
AakDataTrees *aak_data_trees_new (const AakVolumes *volumes);
void aak_data_trees_free (AakDataTrees *trees);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakDataTrees, aak_data_trees_free)

/* Counts a path that was created: @path, for which @pattern and @widest stand by the certain
 * passes, with some and with all of its own names widened. Two whose last names are the same in
 * @widest are one, unless they are files in a volume of the application's own. */
void aak_data_trees_count (AakDataTrees *trees, const char *path, const char *pattern,
                           const char *widest);

/* The patterns of the trees that such a path lies in, the widest first: "/data/" "**", "/data/in/"
 * "*.pdf". @all: of every directory that could become a tree. The caller frees the array and what
 * is in it. */
GPtrArray *aak_data_trees_find (const AakDataTrees *trees, const char *path, const char *pattern,
                                gboolean all);
