/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compressed policy, as newer parsers store it. */
#pragma once

#include <glib.h>

/* @blob as it was before it was compressed: one or more zstd frames, each bare or behind a header
 * of 8 bytes. apparmor_parser 5.0 writes a frame for each profile where the kernel's features have
 * policy/compressed_load, and one for all into its cache. Anything else is given back as it is.
 * INVALID where a frame is damaged, holds nothing, or something else follows it; TOO_LARGE where
 * they hold more than @max bytes. The caller owns the result. */
GBytes *aak_policy_inflate (GBytes *blob, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
