/* SPDX-License-Identifier: GPL-2.0-or-later
 * The ways in which logs are compressed: one table of functions, one library a row. */
#pragma once

#include <glib.h>

#define AAK_SOURCE_METHOD_MEMORY (256 << 20) /* what a file may make its decompressor allocate */

typedef struct
{
  const guint8 *in;
  gsize in_len;
  guint8 *out;
  gsize out_len;
} AakSourceChunk;

typedef enum
{
  AAK_SOURCE_STEP_MORE,      /* went on: more input or more room is needed */
  AAK_SOURCE_STEP_MEMBER,    /* a compressed stream ended; another may follow */
  AAK_SOURCE_STEP_DAMAGED,   /* no such stream */
  AAK_SOURCE_STEP_TOO_LARGE, /* it asks for more memory than AAK_SOURCE_METHOD_MEMORY */
} AakSourceStep;

typedef struct
{
  const char *name; /* "gzip" */
  guint8 magic[6];
  gsize magic_len;
  /* The functions are NULL in a build without the method. */
  gpointer (*new) (void);
  /* Decompresses from @chunk->in to @chunk->out, and moves both on. After MEMBER a new stream is
   * expected. */
  AakSourceStep (*step) (gpointer state, AakSourceChunk *chunk);
  void (*free) (gpointer state);
} AakSourceMethod;

/* Bytes of a file that are needed to know how it is compressed. */
#define AAK_SOURCE_MAGIC_MAX 6

/* The method whose magic number @bytes begin with, or NULL: plain text. */
const AakSourceMethod *aak_source_method_find (const guint8 *bytes, gsize len);
