/* SPDX-License-Identifier: GPL-2.0-or-later
 * Directories of public data (learn/public-list.h) of which an application read so many files that
 * it is the data it handles that choose among them. */
#pragma once

#include "learn/public-list.h"
#include "lib/volumes.h"

/* How many different files, or names, below a directory of public data show that. */
#define AAK_PUBLIC_MIN_FILES 3

typedef struct AakPublicTrees AakPublicTrees;

/* @volumes must live as long: a directory that one is mounted in, at or above is not the image's,
 * and not public. */
AakPublicTrees *aak_public_trees_new (const AakVolumes *volumes);
void aak_public_trees_free (AakPublicTrees *trees);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPublicTrees, aak_public_trees_free)

/* Counts @path, with which @perms (AakPerm bits) were seen. */
void aak_public_trees_count (AakPublicTrees *trees, const char *path, guint perms);

/* The pattern of the tree that @path lies in, with which @perms were seen: "/usr/share/zoneinfo/"
 * "**"; NULL where it lies in none. Newly allocated. */
char *aak_public_trees_candidate (const AakPublicTrees *trees, const char *path, guint perms);

/* The same where enough below it was counted, and else NULL; *@out_entry is then what it is an
 * example of. */
char *aak_public_trees_find (const AakPublicTrees *trees, const char *path, guint perms,
                             const AakPublicData **out_entry);
