/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Public keys: the DER form of an ed25519 key is always the same but for the key itself. */
#include "config.h"

#include "lib/verify-key.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/pem.h"
#include "lib/sha256.h"

#include <sodium.h>
#include <string.h>

#define MAX_PEM 4096

/* RFC 8410, section 4: SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }. */
static const guint8 der_prefix[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                     0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

/* The whole of it. */
typedef struct
{
  guint8 prefix[sizeof der_prefix];
  guint8 key[AAK_VERIFY_KEY_SIZE];
} Der;

void
aak_verify_key_identify (AakVerifyKey *key)
{
  AakSha256 sum;
  aak_sha256_begin (&sum);
  aak_sha256_feed (&sum, der_prefix, sizeof der_prefix);
  aak_sha256_feed (&sum, key->bytes, sizeof key->bytes);
  g_autofree char *hex = aak_sha256_end (&sum);
  memcpy (key->id, hex, AAK_VERIFY_KEY_ID_LEN);
  key->id[AAK_VERIFY_KEY_ID_LEN] = '\0';
}

AakVerifyKey *
aak_verify_key_parse (const char *what, GBytes *pem, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (pem, &len);
  Der der;
  if (sodium_init () < 0)
    g_error ("libsodium cannot be used here");
  if (!aak_pem_decode (what, len > 0 ? text : "", len, "PUBLIC KEY", (guint8 *) &der, sizeof der,
                       error))
    return NULL;
  /* A point of a small order would take one signature for any message. */
  if (memcmp (der.prefix, der_prefix, sizeof der_prefix) != 0
      || crypto_core_ed25519_is_valid_point (der.key) != 1)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not a public ed25519 key", what);
      return NULL;
    }
  AakVerifyKey *key = g_new0 (AakVerifyKey, 1);
  memcpy (key->bytes, der.key, sizeof key->bytes);
  aak_verify_key_identify (key);
  return key;
}

AakVerifyKey *
aak_verify_key_read (const char *path, AakPathTrust trust, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_auto (AakFd) fd = aak_path_open (path, trust, error);
  g_autoptr (GBytes) pem = fd >= 0 ? aak_fs_read_open (fd, shown, MAX_PEM, error) : NULL;
  return pem != NULL ? aak_verify_key_parse (shown, pem, error) : NULL;
}
