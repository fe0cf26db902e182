/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The signatures of a bundle that is being written. */
#pragma once

#include <glib.h>

/* What the signature file of the bundle @path has to hold for @manifest: signatures by @keys (of
 * AakSignKey). Where @keys is NULL, what it holds now, as long as its manifest is the same; NULL:
 * there is to be none. The caller owns the result. */
GBytes *aak_bundle_sign (const char *path, GPtrArray *keys, GBytes *manifest);

/* TRUE where the bundle @path is signed by exactly @keys (of AakSignKey; NULL: any will do). */
gboolean aak_bundle_sign_is_current (const char *path, GPtrArray *keys);

/* TRUE where the bundle @path has a signature file. */
gboolean aak_bundle_sign_is_there (const char *path);
