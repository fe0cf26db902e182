/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Private ed25519 keys: in memory that is neither swapped nor dumped, and wiped behind them. */
#pragma once

#include "lib/verify-key.h"

#include <glib.h>

#define AAK_SIGNATURE_SIZE 64

typedef struct AakSignKey AakSignKey;

/* Reads the file @path, as 'openssl genpkey -algorithm ed25519' writes it (RFC 8410: PKCS#8 without
 * a passphrase). INVALID where it is anything else, encrypted, or where somebody else than its
 * owner (root or the caller) can read it. Free with aak_sign_key_free(). */
AakSignKey *aak_sign_key_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a text of @len bytes, which the caller wipes; @what names it in messages. */
AakSignKey *aak_sign_key_parse (const char *what, const char *pem, gsize len,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_sign_key_free (AakSignKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSignKey, aak_sign_key_free)

/* The public key that belongs to it. Owned by @key. */
const AakVerifyKey *aak_sign_key_public (const AakSignKey *key);

/* Signs @message. The same key and message give the same signature (RFC 8032). */
void aak_sign_key_sign (const AakSignKey *key, GBytes *message,
                        guint8 out_signature[AAK_SIGNATURE_SIZE]);
