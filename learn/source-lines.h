/* SPDX-License-Identifier: GPL-2.0-or-later
 * Cuts a stream of bytes into lines, in a buffer of a fixed size. */
#pragma once

#include "learn/source.h"

/* No record of the kernel's is longer; of a longer line the parser gets this much, and judges by
 * it. */
#ifndef AAK_SOURCE_LINE_MAX
#define AAK_SOURCE_LINE_MAX 65536
#endif

typedef struct
{
  guint64 number; /* of the line that was given last */
  gsize start;    /* of what is not given yet, in buffer */
  gsize filled;
  gboolean skipping; /* inside a line that was too long, up to its newline */
  char buffer[AAK_SOURCE_LINE_MAX * 2];
} AakSourceLines;

/* Where to put more bytes, and how many fit (never 0 after aak_source_lines_take() returned FALSE);
 * aak_source_lines_added() then says how many came. */
char *aak_source_lines_room (AakSourceLines *lines, gsize *out_len);
void aak_source_lines_added (AakSourceLines *lines, gsize len);

/* The next line without its newline, valid until more bytes are added; FALSE where none is whole.
 */
gboolean aak_source_lines_take (AakSourceLines *lines, AakSourceRecord *out);

/* What follows the last newline, at the end of the input; FALSE where nothing does. */
gboolean aak_source_lines_take_rest (AakSourceLines *lines, AakSourceRecord *out);

/* Forgets what is not given yet, and counts lines from 1 again. */
void aak_source_lines_reset (AakSourceLines *lines);
