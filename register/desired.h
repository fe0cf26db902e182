/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profiles that shall be loaded: from bundles, or compiled from texts on this node. */
#pragma once

#include "lib/cli.h"

#include <glib.h>

/* Reads @paths (bundles, texts, directories of texts) for the kernel below the root of @cli: an
 * array of AakPolicy that the caller owns, each name once. INVALID where a bundle is damaged, was
 * compiled for other kernels, or a name is there twice; COMPILER or POLICY for texts. Nothing is
 * written. As soon as @stop_fd can be read (0: none) it fails, whatever it compiles then. */
GPtrArray *aak_desired_read (AakCli *cli, const char *const *paths, int stop_fd,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
