/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A few lines at the end of a terminal that are drawn over again and again. The cursor stands below
 * them, no mode of the terminal is changed, and no more is written than fits: whenever the program
 * is killed, the terminal is as it was. */
#pragma once

#include <glib.h>
#include <stdio.h>

typedef struct
{
  guint lines; /* that stand on the terminal; begins as 0 */
} AakTermBlock;

/* The size of the terminal @fd as it is now; 80 by 24 where it does not tell. */
void aak_term_size (int fd, guint *out_columns, guint *out_rows);

/* TRUE where @fd is a terminal that understands moving the cursor. */
gboolean aak_term_is_drawable (int fd);

/* TRUE where the locale that the environment names has UTF-8. Not while other threads ask for one.
 */
gboolean aak_term_is_utf8 (void);

/* "12:34", the minutes and seconds of @us microseconds. The caller frees it. */
char *aak_term_minutes (gint64 us);

/* @text as it stands on a terminal of @columns behind @indent columns of something else: broken at
 * spaces, every line but the first behind as many spaces. A word that is too long stays whole. The
 * caller frees it. */
char *aak_term_wrap (const char *text, guint columns, guint indent);

/* @text for standard output: where that is a terminal as aak_term_wrap() makes it, else as it is,
 * since a file gets one line for each thing. The caller frees it. */
char *aak_term_wrap_out (const char *text, guint indent);

/* @text, lines separated by a newline, as it fits: each line shorter than @columns, so that none
 * wraps, by leaving out its middle; at most @rows - 1 lines; any byte but printable ASCII as "?".
 * Each line ends with a newline; their number goes to *@out_lines. Newly allocated. */
char *aak_term_block_fit (const char *text, guint columns, guint rows, guint *out_lines);

/* Puts @text where the block stands, or begins it. Nothing where the terminal takes nothing now
 * (Ctrl-S), so that whoever draws does not wait, nor where the program is in the background. */
void aak_term_block_draw (AakTermBlock *block, FILE *terminal, const char *text);
void aak_term_block_clear (AakTermBlock *block, FILE *terminal);
