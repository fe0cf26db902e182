/* SPDX-License-Identifier: GPL-2.0-or-later
 * A piece of a log: whole lines, as many as fit. Several threads can each work on one. */
#pragma once

#include "learn/source-lines.h"

#include <string.h>

#ifndef AAK_SOURCE_BLOCK_SIZE /* a fuzzer takes a small one, to see many blocks */
#define AAK_SOURCE_BLOCK_SIZE (256 * 1024)
#endif

struct AakSourceBlock
{
  guint64 number; /* of the block in its source, from 0 */
  guint file;     /* of the source, from 0; a block is never of two files */
  gsize len;      /* of what is filled */
  gsize at;       /* of what was taken */
  gboolean later; /* whoever has the block reads its bytes, by aak_source_block_load() */
  int fd;         /* then: the file, which the source keeps open; -1: they are there already */
  gint64 offset;  /* of the block in it */
  guint64 lines;  /* that were taken */
  char bytes[AAK_SOURCE_BLOCK_SIZE];
};

/* Reads what is still to be read. FALSE where the file cannot be read, or has shrunk: the block is
 * empty then. */
gboolean aak_source_block_load (AakSourceBlock *block) G_GNUC_WARN_UNUSED_RESULT;

/* The next line without its newline, valid as long as the block is; FALSE where none is left. Of a
 * line that is longer than AAK_SOURCE_LINE_MAX the first so many bytes. */
static inline gboolean
aak_source_block_take (AakSourceBlock *block, AakSourceRecord *out)
{
  if (block->at == block->len)
    return FALSE;
  const char *line = block->bytes + block->at;
  const char *newline = memchr (line, '\n', block->len - block->at);
  gsize len = newline != NULL ? (gsize) (newline - line) : block->len - block->at;
  *out = (AakSourceRecord){ 0, line, MIN (len, AAK_SOURCE_LINE_MAX) };
  block->at += len + (newline != NULL);
  block->lines++;
  return TRUE;
}
