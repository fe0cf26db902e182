/* SPDX-License-Identifier: GPL-2.0-or-later
 * Questions as they come: lines of standard input. */
#pragma once

#include <glib.h>

typedef struct
{
  int fd;
  char *bytes;    /* what was read, and has AAK_QUESTION_LINE_MAX bytes */
  gsize begin;    /* of the next line in it */
  gsize end;      /* of what was read */
  guint64 number; /* of the lines that were given */
} AakQuestionLines;

/* Lines of the descriptor @fd, which stays the caller's. Clear with aak_question_lines_clear(). */
AakQuestionLines aak_question_lines_of (int fd);
void aak_question_lines_clear (AakQuestionLines *lines);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakQuestionLines, aak_question_lines_clear)

/* The next line without its end, which may be written to and is valid until the next call; NULL at
 * the end of the input, or with an error: INVALID where a line has AAK_QUESTION_LINE_MAX bytes or
 * holds a NUL. Before it waits for input it flushes stdout, so that whoever asks one question after
 * the other gets the answers. */
char *aak_question_lines_next (AakQuestionLines *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
