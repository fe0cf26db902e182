/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Strict base64 (RFC 4648, section 4), in the same time for any content. */
#pragma once

#include <glib.h>

/* Decodes @text (@text_len bytes) into the @len bytes of @out, all of which it has to fill; bytes
 * of @ignore (may be NULL) are passed over. FALSE for anything that a canonical encoder would not
 * have written; @out is not to be looked at then. */
gboolean aak_base64_decode (const char *text, gsize text_len, const char *ignore, guint8 *out,
                            gsize len) G_GNUC_WARN_UNUSED_RESULT;
