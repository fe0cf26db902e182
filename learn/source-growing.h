/* SPDX-License-Identifier: GPL-2.0-or-later
 * A file that somebody appends to, and may cut back. */
#pragma once

#include "learn/position.h"
#include "learn/source-lines.h"

typedef struct AakSourceGrowing AakSourceGrowing;

/* Reads @fd (which it then owns) from its beginning, or, @from_end, from the line that is being
 * written now. */
AakSourceGrowing *aak_source_growing_new (int fd, gboolean from_end,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads more. Returns the number of bytes, 0 where there is nothing new, or -1 with an error.
 * @out_truncated: the file was cut back and is read from its beginning; how much of it was never
 * read, nobody knows. */
gssize aak_source_growing_fill (AakSourceGrowing *file, gboolean *out_truncated,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The lines of what was read; a line without its newline waits for the rest. */
AakSourceLines *aak_source_growing_lines (AakSourceGrowing *file);

/* Reads @fd (which it then owns) from @offset on, which is the beginning of a line or inside one
 * that was too long. */
AakSourceGrowing *aak_source_growing_new_at (int fd, guint64 offset,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds to @position where the first line stands that was not given yet, and the stamp of the last
 * record before it, where there is one. */
void aak_source_growing_mark (const AakSourceGrowing *file, AakPosition *position);

int aak_source_growing_fd (const AakSourceGrowing *file);

void aak_source_growing_free (AakSourceGrowing *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSourceGrowing, aak_source_growing_free)
