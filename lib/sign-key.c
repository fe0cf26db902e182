/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Private keys by libsodium. */
#include "config.h"

#include "lib/sign-key.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/pem.h"
#include "lib/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_PEM 4096

G_STATIC_ASSERT (AAK_SIGNATURE_SIZE == crypto_sign_BYTES);
G_STATIC_ASSERT (AAK_VERIFY_KEY_SIZE == crypto_sign_PUBLICKEYBYTES);

/* RFC 8410, section 7: SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET
 * STRING of 32 bytes } }. */
static const guint8 der_prefix[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                     0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };

/* The whole of it. */
typedef struct
{
  guint8 prefix[sizeof der_prefix];
  guint8 seed[crypto_sign_SEEDBYTES];
} Der;

struct AakSignKey
{
  AakVerifyKey public;
  guint8 secret[crypto_sign_SECRETKEYBYTES];
};

/* The text of a key file. */
typedef struct
{
  char bytes[MAX_PEM];
} Pem;

/* sodium_free() wipes what it frees. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Der, sodium_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pem, sodium_free)

static gpointer
allocate_secret (gsize size)
{
  gpointer memory = sodium_init () >= 0 ? sodium_malloc (size) : NULL;
  if (memory == NULL)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", size);
  return memory;
}

void
aak_sign_key_free (AakSignKey *key)
{
  sodium_free (key);
}

const AakVerifyKey *
aak_sign_key_public (const AakSignKey *key)
{
  return &key->public;
}

AakSignKey *
aak_sign_key_parse (const char *what, const char *pem, gsize len, GError **error)
{
  g_autoptr (Der) der = allocate_secret (sizeof *der);
  if (!aak_pem_decode (what, pem, len, "PRIVATE KEY", (guint8 *) der, sizeof *der, error))
    return NULL;
  if (memcmp (der->prefix, der_prefix, sizeof der_prefix) != 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not a private ed25519 key", what);
      return NULL;
    }
  AakSignKey *key = allocate_secret (sizeof *key);
  crypto_sign_seed_keypair (key->public.bytes, key->secret, der->seed);
  aak_verify_key_identify (&key->public);
  return key;
}

/* --- files ----------------------------------------------------------------------------------- */

static gboolean
check_private (int fd, const char *shown, GError **error)
{
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot open %s", shown);
  if (!S_ISREG (st.st_mode))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not a regular file", shown);
      return FALSE;
    }
  if (!aak_trust_is_own (&st) || !aak_trust_is_closed (&st))
    return aak_trust_check (&st, shown, error);
  if ((st.st_mode & 077) == 0)
    return TRUE;
  g_autofree char *quoted = g_shell_quote (shown);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: others can read this private key (mode %04o): make a new one if they may have, "
               "else: chmod 600 %s",
               shown, (guint) st.st_mode & 07777, quoted);
  return FALSE;
}

/* Gives how many bytes there were, or -1 with the error. */
static gssize
read_secret (int fd, const char *shown, Pem *pem, GError **error)
{
  gsize len = 0;
  while (len < sizeof pem->bytes)
    {
      ssize_t n = read (fd, pem->bytes + len, sizeof pem->bytes - len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          aak_error_set_errno (error, errno, "cannot read %s", shown);
          return -1;
        }
      if (n == 0)
        return (gssize) len;
      len += (gsize) n;
    }
  g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: too large for a key", shown);
  return -1;
}

AakSignKey *
aak_sign_key_read (const char *path, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (!check_private (fd, shown, error))
    return NULL;
  g_autoptr (Pem) pem = allocate_secret (sizeof *pem);
  gssize len = read_secret (fd, shown, pem, error);
  return len >= 0 ? aak_sign_key_parse (shown, pem->bytes, (gsize) len, error) : NULL;
}

void
aak_sign_key_sign (const AakSignKey *key, GBytes *message, guint8 out_signature[AAK_SIGNATURE_SIZE])
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (message, &len);
  crypto_sign_detached (out_signature, NULL, data, len, key->secret);
}
