/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A line of text as the words of a question. */
#pragma once

#include <glib.h>

/* The longest line, with the NUL behind it, and the most words of one. */
#define AAK_QUESTION_LINE_MAX  65536
#define AAK_QUESTION_WORDS_MAX 16

/* Takes @line, which is written to, apart at its blanks. The words, of which there is one at least,
 * go to @words (emptied first; char * that it frees), a blank or any other byte of them having been
 * written as \xNN. USAGE, with what is wrong, where it is no question. */
gboolean aak_question_words_split (char *line, GPtrArray *words,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
