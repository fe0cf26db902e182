/* SPDX-License-Identifier: GPL-2.0-or-later
 * Things side by side: a column each, a row for each of their properties, as wide as it may be. */
#pragma once

#include <glib.h>

typedef struct AakSideTable AakSideTable;

AakSideTable *aak_side_table_new (void);
void aak_side_table_free (AakSideTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSideTable, aak_side_table_free)

/* Begins a row; one that gets no cells is a heading. @name: printable. */
void aak_side_table_add_row (AakSideTable *table, const char *name);
/* Adds the next cell to the row that was begun last, and takes it. @cell: printable UTF-8, in which
 * a newline begins a new line. */
void aak_side_table_add_cell (AakSideTable *table, char *cell);

/* The table with no line longer than @width characters, as far as names of rows leave room: cells
 * are wrapped, and what does not fit beside the others comes below them, with the names again.
 * Lines end with a newline and not with blanks. The caller frees it. */
char *aak_side_table_text (const AakSideTable *table, guint width);
