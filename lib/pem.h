/* SPDX-License-Identifier: LGPL-2.1-or-later
 * PEM, as OpenSSL writes keys (RFC 7468), without a copy of what is in it. */
#pragma once

#include <glib.h>

/* Decodes the one block of @text (@text_len bytes) into the @len bytes of @out, all of which it has
 * to fill. @label: what the block is to hold ("PRIVATE KEY"); @what names the text in messages,
 * which never have anything of the block itself. INVALID for another label, for anything before or
 * behind the block, and for what is not exactly such base64; @out is zeroed then. */
gboolean aak_pem_decode (const char *what, const char *text, gsize text_len, const char *label,
                         guint8 *out, gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;
