/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiled policy that comes without a bundle, as apparmor_parser -Q -o FILE writes it. */
#pragma once

#include "lib/features.h"
#include "register/input-file.h"

#include <glib.h>

/* The policies of @file (an array of AakPolicy without texts, which the caller owns), decompressed
 * where a newer parser has compressed them. INVALID where the kernel's unpacker would refuse a byte
 * of it, or it is not for @kernel: the feature set beside it is another one, or the kernel does not
 * know the version of the policy or how it stores permissions. Where no feature set is beside it,
 * whether it is @kernel's cannot be told. */
GPtrArray *aak_compiled_read (const AakInputFile *file, const AakFeatures *kernel,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
