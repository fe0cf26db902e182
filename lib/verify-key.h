/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Public ed25519 keys, which say whether a signature is that of their owner. */
#pragma once

#include "lib/path-walk.h"

#include <glib.h>

#define AAK_VERIFY_KEY_SIZE   32
#define AAK_VERIFY_KEY_ID_LEN 16

typedef struct
{
  guint8 bytes[AAK_VERIFY_KEY_SIZE];
  /* the first 16 hex digits of the sha256 over the DER form:
   * openssl pkey -pubin -in KEY -outform DER | sha256sum */
  char id[AAK_VERIFY_KEY_ID_LEN + 1];
} AakVerifyKey;

/* Sets the id of @key from its bytes. */
void aak_verify_key_identify (AakVerifyKey *key);

/* Reads @pem, as 'openssl pkey -pubout' writes it (RFC 8410: SubjectPublicKeyInfo). @what names it
 * in messages. INVALID where it is anything else, or a key whose signatures prove nothing. Free
 * with g_free(). */
AakVerifyKey *aak_verify_key_parse (const char *what, GBytes *pem,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same from the file @path, opened by aak_path_open() with @trust. */
AakVerifyKey *aak_verify_key_read (const char *path, AakPathTrust trust,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
