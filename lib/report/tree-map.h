/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A tree of files drawn as nested rectangles: the area is the number of files, the colour is what
 * may be done with them. */
#pragma once

#include "lib/report/html.h"

/* What may be done with a file; 0 is nothing. */
#define AAK_REPORT_READ  (1u << 0)
#define AAK_REPORT_WRITE (1u << 1)
#define AAK_REPORT_EXEC  (1u << 2)

#define AAK_TREE_MAP_MAX_DIRS 200000 /* beyond that a directory's files count in the one above */

typedef struct AakTreeMap AakTreeMap;

AakTreeMap *aak_tree_map_new (void);
void aak_tree_map_free (AakTreeMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakTreeMap, aak_tree_map_free)

/* Counts the file @path (absolute, any bytes), with which @access is allowed. Memory grows with the
 * directories, not with the files. */
void aak_tree_map_add (AakTreeMap *map, const char *path, guint access);
/* Says that @what ("volume: emptyDir") is mounted at @path; nothing where no file is below. */
void aak_tree_map_mark (AakTreeMap *map, const char *path, const char *what);

/* How many files there are, and with how many of them one of @access is allowed. */
guint64 aak_tree_map_count (const AakTreeMap *map, guint access);
guint64 aak_tree_map_files (const AakTreeMap *map);

/* Writes the drawing, its legend, and the same as a table. @prefix: of the ids in it. */
void aak_tree_map_write (const AakTreeMap *map, AakHtml *html, const char *prefix);
