/* SPDX-License-Identifier: GPL-2.0-or-later
 * The directory of abi/, abstractions/ and tunables/, which texts include. */
#pragma once

#include <glib.h>

/* INVALID where somebody else than root and the caller can change anything at or below the
 * directory @base, or what a link there leads to (lib/path-walk.h): apparmor_parser may read all of
 * it as policy. What the caller may not read, the parser may not either. TOO_LARGE where it has
 * more than 50,000 entries, or is nested deeper than 16. */
gboolean aak_include_tree_check (const char *base, GError **error) G_GNUC_WARN_UNUSED_RESULT;
