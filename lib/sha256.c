/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SHA-256 in hex. */
#include "config.h"

#include "lib/sha256.h"

#include <string.h>

void
aak_sha256_begin (AakSha256 *sum)
{
  sha256_init (sum);
}

void
aak_sha256_feed (AakSha256 *sum, const void *data, gsize len)
{
  if (len > 0)
    sha256_update (sum, len, data);
}

void
aak_sha256_feed_text (AakSha256 *sum, const char *text)
{
  sha256_update (sum, strlen (text) + 1, (const guint8 *) text);
}

char *
aak_sha256_end (AakSha256 *sum)
{
  static const char digits[] = "0123456789abcdef";
  guint8 digest[SHA256_DIGEST_SIZE];
  sha256_digest (sum, sizeof digest, digest);
  char *hex = g_malloc (AAK_SHA256_HEX_LEN + 1);
  for (guint i = 0; i < sizeof digest; i++)
    {
      hex[2 * i] = digits[digest[i] >> 4];
      hex[2 * i + 1] = digits[digest[i] & 15];
    }
  hex[AAK_SHA256_HEX_LEN] = '\0';
  return hex;
}

char *
aak_sha256_of (GBytes *bytes)
{
  AakSha256 sum;
  gsize len = 0;
  const void *data = g_bytes_get_data (bytes, &len);
  aak_sha256_begin (&sum);
  aak_sha256_feed (&sum, data, len);
  return aak_sha256_end (&sum);
}
