/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compressed policy, as newer parsers store it. */
#pragma once

#include <glib.h>

/* @blob as it was before it was compressed: a zstd frame, bare or behind a header of 8 bytes.
 * Anything else is given back as it is. INVALID where the frame is damaged, holds nothing, or
 * something follows it; TOO_LARGE where it holds more than @max bytes. The caller owns the result.
 */
GBytes *aak_policy_inflate (GBytes *blob, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
