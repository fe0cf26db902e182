/* SPDX-License-Identifier: GPL-2.0-or-later
 * gzip through zlib, xz through liblzma, zstd through libzstd. Magic numbers: RFC 1952, the .xz
 * format (tukaani.org/xz/xz-file-format.txt), RFC 8878. */
#include "config.h"

#include "learn/source-method.h"

#include <string.h>
#include <zlib.h>

#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

static void
advance (AakSourceChunk *chunk, gsize in, gsize out)
{
  chunk->in += in;
  chunk->in_len -= in;
  chunk->out += out;
  chunk->out_len -= out;
}

/* --- gzip ------------------------------------------------------------------------------------ */

#define GZIP_WINDOW_BITS (16 + MAX_WBITS) /* a gzip header, and any window (zlib.h) */

static gpointer
gzip_new (void)
{
  z_stream *stream = g_new0 (z_stream, 1);
  if (inflateInit2 (stream, GZIP_WINDOW_BITS) != Z_OK)
    g_error ("no memory for a gzip decoder");
  return stream;
}

static AakSourceStep
gzip_step (gpointer state, AakSourceChunk *chunk)
{
  z_stream *stream = state;
  uInt in = (uInt) MIN (chunk->in_len, G_MAXUINT), out = (uInt) MIN (chunk->out_len, G_MAXUINT);
  stream->next_in = (z_const Bytef *) chunk->in;
  stream->avail_in = in;
  stream->next_out = chunk->out;
  stream->avail_out = out;
  int result = inflate (stream, Z_NO_FLUSH);
  advance (chunk, in - stream->avail_in, out - stream->avail_out);
  if (result == Z_STREAM_END)
    return inflateReset (stream) == Z_OK ? AAK_SOURCE_STEP_MEMBER : AAK_SOURCE_STEP_DAMAGED;
  if (result == Z_OK || result == Z_BUF_ERROR)
    return AAK_SOURCE_STEP_MORE;
  return result == Z_MEM_ERROR ? AAK_SOURCE_STEP_TOO_LARGE : AAK_SOURCE_STEP_DAMAGED;
}

static void
gzip_free (gpointer state)
{
  inflateEnd (state);
  g_free (state);
}

/* --- xz -------------------------------------------------------------------------------------- */

#ifdef HAVE_LZMA
static gboolean
xz_begin (lzma_stream *stream)
{
  return lzma_stream_decoder (stream, AAK_SOURCE_METHOD_MEMORY, 0) == LZMA_OK;
}

static gpointer
xz_new (void)
{
  lzma_stream *stream = g_new (lzma_stream, 1);
  *stream = (lzma_stream) LZMA_STREAM_INIT;
  if (!xz_begin (stream))
    g_error ("no memory for an xz decoder");
  return stream;
}

static AakSourceStep
xz_step (gpointer state, AakSourceChunk *chunk)
{
  lzma_stream *stream = state;
  stream->next_in = chunk->in;
  stream->avail_in = chunk->in_len;
  stream->next_out = chunk->out;
  stream->avail_out = chunk->out_len;
  lzma_ret result = lzma_code (stream, LZMA_RUN);
  advance (chunk, chunk->in_len - stream->avail_in, chunk->out_len - stream->avail_out);
  if (result == LZMA_STREAM_END)
    return xz_begin (stream) ? AAK_SOURCE_STEP_MEMBER : AAK_SOURCE_STEP_TOO_LARGE;
  if (result == LZMA_OK || result == LZMA_BUF_ERROR)
    return AAK_SOURCE_STEP_MORE;
  return result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR ? AAK_SOURCE_STEP_TOO_LARGE
                                                                   : AAK_SOURCE_STEP_DAMAGED;
}

static void
xz_free (gpointer state)
{
  lzma_end (state);
  g_free (state);
}
#endif

/* --- zstd ------------------------------------------------------------------------------------ */

#ifdef HAVE_ZSTD
static gpointer
zstd_new (void)
{
  ZSTD_DStream *stream = ZSTD_createDStream ();
  if (stream == NULL)
    g_error ("no memory for a zstd decoder");
  return stream;
}

/* A window of 2^27 bytes is the library's own default limit, below AAK_SOURCE_METHOD_MEMORY. */
static AakSourceStep
zstd_step (gpointer state, AakSourceChunk *chunk)
{
  ZSTD_inBuffer in = { chunk->in, chunk->in_len, 0 };
  ZSTD_outBuffer out = { chunk->out, chunk->out_len, 0 };
  size_t result = ZSTD_decompressStream (state, &out, &in);
  advance (chunk, in.pos, out.pos);
  if (!ZSTD_isError (result))
    return result == 0 ? AAK_SOURCE_STEP_MEMBER : AAK_SOURCE_STEP_MORE;
  return strstr (ZSTD_getErrorName (result), "memory") != NULL ? AAK_SOURCE_STEP_TOO_LARGE
                                                               : AAK_SOURCE_STEP_DAMAGED;
}

static void
zstd_free (gpointer state)
{
  ZSTD_freeDStream (state);
}
#endif

/* --- the table ------------------------------------------------------------------------------- */

static const AakSourceMethod methods[] = {
  { "gzip", { 0x1f, 0x8b, 0x08 }, 3, gzip_new, gzip_step, gzip_free },
  { "xz",
    { 0xfd, '7', 'z', 'X', 'Z', 0 },
    6,
#ifdef HAVE_LZMA
    xz_new,
    xz_step,
    xz_free
#endif
  },
  { "zstd",
    { 0x28, 0xb5, 0x2f, 0xfd },
    4,
#ifdef HAVE_ZSTD
    zstd_new,
    zstd_step,
    zstd_free
#endif
  },
};

const AakSourceMethod *
aak_source_method_find (const guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (len >= methods[i].magic_len && memcmp (bytes, methods[i].magic, methods[i].magic_len) == 0)
      return &methods[i];
  return NULL;
}
