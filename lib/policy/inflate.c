/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Decompresses policy, in bounded memory. */
#include "config.h"

#include "lib/policy/inflate.h"

#include "lib/error.h"

#include <string.h>

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define HEADER 8 /* version, level, and six bytes that are zero */

/* Where the first frame at @pos or behind a header begins, or -1. */
static gssize
find_frame (const guint8 *data, gsize len, gsize pos)
{
  static const guint8 magic[] = { 0x28, 0xb5, 0x2f, 0xfd };
  if (len - pos >= sizeof magic && memcmp (data + pos, magic, sizeof magic) == 0)
    return (gssize) pos;
  if (len - pos >= HEADER + sizeof magic && memcmp (data + pos + HEADER, magic, sizeof magic) == 0)
    return (gssize) pos + HEADER;
  return -1;
}

#ifdef HAVE_ZSTD

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ZSTD_DStream, ZSTD_freeDStream)

/* Appends what the frame at @in holds to @plain, and leaves @in behind it. */
static gboolean
inflate_frame (ZSTD_DStream *stream, ZSTD_inBuffer *in, GByteArray *plain, gsize max,
               GError **error)
{
  g_autofree guint8 *chunk = g_malloc (ZSTD_DStreamOutSize ());
  size_t left = ZSTD_initDStream (stream); /* of the frame, as far as is known */
  while (left > 0)
    {
      ZSTD_outBuffer out = { chunk, ZSTD_DStreamOutSize (), 0 };
      gsize before = in->pos;
      left = ZSTD_decompressStream (stream, &out, in);
      if (ZSTD_isError (left) || (left > 0 && out.pos == 0 && in->pos == before))
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "damaged compressed policy: %s",
                       ZSTD_isError (left) ? ZSTD_getErrorName (left) : "truncated");
          return FALSE;
        }
      if (out.pos > max - plain->len)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "compressed policy of more than %" G_GSIZE_FORMAT " bytes", max);
          return FALSE;
        }
      g_byte_array_append (plain, chunk, (guint) out.pos);
    }
  return TRUE;
}

static GBytes *
inflate (const guint8 *data, gsize len, gsize max, GError **error)
{
  g_autoptr (ZSTD_DStream) stream = ZSTD_createDStream ();
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  ZSTD_inBuffer in = { data, len, 0 };
  while (in.pos < in.size)
    {
      gssize frame = find_frame (data, len, in.pos);
      guint before = plain->len;
      if (frame >= 0)
        {
          in.pos = (gsize) frame;
          if (!inflate_frame (stream, &in, plain, max, error))
            return NULL;
        }
      if (plain->len == before)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "compressed policy %s",
                       frame >= 0 ? "that is empty" : "that something else follows");
          return NULL;
        }
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&plain));
}

#endif

GBytes *
aak_policy_inflate (GBytes *blob, gsize max, GError **error)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (blob, &len);
  if (find_frame (data, len, 0) < 0)
    return g_bytes_ref (blob);
#ifdef HAVE_ZSTD
  return inflate (data, len, max, error);
#else
  (void) max;
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID,
                       "compressed policy, which this build cannot read: it is without libzstd");
  return NULL;
#endif
}
