/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Base64 by libsodium. */
#include "config.h"

#include "lib/base64.h"

#include <sodium.h>

/* libsodium 1.0.18 takes some bytes with the highest bit set for letters: its char is signed. */
static gboolean
is_ascii (const char *text, gsize len)
{
  guint8 bits = 0;
  for (gsize i = 0; i < len; i++)
    bits |= (guint8) text[i];
  return bits < 0x80;
}

gboolean
aak_base64_decode (const char *text, gsize text_len, const char *ignore, guint8 *out, gsize len)
{
  gsize filled = 0;
  const char *end = NULL;
  return is_ascii (text, text_len)
         && sodium_base642bin (out, len, text, text_len, ignore, &filled, &end,
                               sodium_base64_VARIANT_ORIGINAL)
                == 0
         && end == text + text_len && filled == len;
}
