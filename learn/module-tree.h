/* SPDX-License-Identifier: GPL-2.0-or-later
 * Directories of a language's modules. An application that read nearly all of one may read it: what
 * is nearly all the image tells. */
#pragma once

#include "learn/image-facts.h"
#include "lib/volumes.h"

/* How many files of a tree must have been read, at least. */
#define AAK_MODULE_MIN_FILES 3

/* The pass's name. */
#define AAK_MODULE_PASS "modules"

/* The patterns of the trees that the file @path could stand for, the widest first: of
 * "/usr/lib/python3/dist-packages/flask/" it is "**.py", and then "*.py". None where @path is no
 * module, or where a volume is mounted there. The caller frees the array and what is in it. */
GPtrArray *aak_module_trees_find (const AakVolumes *volumes, const char *path);
