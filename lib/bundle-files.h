/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Which files a bundle may have. */
#pragma once

#include "lib/bundle.h"

/* INVALID where the directory @top of @bundle holds a file, a directory or a link that follows
 * neither from its manifest nor from the form of a bundle; the message names it. */
gboolean aak_bundle_files_check (const AakBundle *bundle, int top,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
