/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Decompresses policy, in bounded memory. */
#include "config.h"

#include "lib/policy-inflate.h"

#include "lib/error.h"

#include <string.h>

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define HEADER 8

/* Where the frame begins, or -1. */
static gssize
find_frame (const guint8 *data, gsize len)
{
  static const guint8 magic[] = { 0x28, 0xb5, 0x2f, 0xfd };
  if (len >= sizeof magic && memcmp (data, magic, sizeof magic) == 0)
    return 0;
  if (len >= HEADER + sizeof magic && memcmp (data + HEADER, magic, sizeof magic) == 0)
    return HEADER;
  return -1;
}

#ifdef HAVE_ZSTD

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ZSTD_DStream, ZSTD_freeDStream)

static GBytes *
inflate (ZSTD_inBuffer in, gsize max, GError **error)
{
  g_autoptr (ZSTD_DStream) stream = ZSTD_createDStream ();
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (ZSTD_DStreamOutSize ());
  size_t left = 1; /* of the frame, as far as is known */
  while (left > 0)
    {
      ZSTD_outBuffer out = { chunk, ZSTD_DStreamOutSize (), 0 };
      gsize before = in.pos;
      left = ZSTD_decompressStream (stream, &out, &in);
      if (ZSTD_isError (left) || (left > 0 && out.pos == 0 && in.pos == before))
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "damaged compressed policy: %s",
                       ZSTD_isError (left) ? ZSTD_getErrorName (left) : "truncated");
          return NULL;
        }
      if (out.pos > max - plain->len)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "compressed policy of more than %" G_GSIZE_FORMAT " bytes", max);
          return NULL;
        }
      g_byte_array_append (plain, chunk, (guint) out.pos);
    }
  if (in.pos < in.size || plain->len == 0)
    {
      g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID,
                           "compressed policy that is empty, or that something follows");
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&plain));
}

#endif

GBytes *
aak_policy_inflate (GBytes *blob, gsize max, GError **error)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (blob, &len);
  gssize frame = find_frame (data, len);
  if (frame < 0)
    return g_bytes_ref (blob);
#ifdef HAVE_ZSTD
  ZSTD_inBuffer in = { data + frame, len - (gsize) frame, 0 };
  return inflate (in, max, error);
#else
  (void) max;
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID,
                       "compressed policy, which this build cannot read: it is without libzstd");
  return NULL;
#endif
}
