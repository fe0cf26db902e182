/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Signatures that lie in a file beside what they sign. As text, one line a key, sorted by its id
 * (lib/verify-key.h), the last word the 64 bytes of an ed25519 signature (RFC 8032) in base64:
 *
 *   aakit/signature/1
 *   ed25519 ID BASE64
 *   ... */
#pragma once

#include "lib/sign-key.h"
#include "lib/verify-key.h"

#include <glib.h>

/* The most bytes such a file has: 64 keys. */
#define AAK_SIGNATURE_MAX 8192

/* The signatures of @message by each of @keys (of AakSignKey; one that is there twice signs once).
 * The same keys, in any order, and the same message give the same bytes. The caller owns them. */
GBytes *aak_signature_make (GPtrArray *keys, GBytes *message);

/* TRUE where @signatures holds one of @message by one of @keys (of AakVerifyKey). Else INVALID:
 * @signatures is damaged, none of the keys is in it, or @message is not what was signed. @what
 * names the message. */
gboolean aak_signature_check (const char *what, GBytes *signatures, GBytes *message,
                              GPtrArray *keys, GError **error) G_GNUC_WARN_UNUSED_RESULT;
