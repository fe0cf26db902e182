/* SPDX-License-Identifier: GPL-2.0-or-later
 * From a learned state to its profile's text: all that aa-compile knows of what is learned. */
#pragma once

#include <glib.h>

/* The profile text of the state @yaml, which was read from @name: what `aa-learn profile` prints of
 * it without options. INVALID with "NAME:LINE:COL: why" where it is no state, or its label cannot
 * be a profile's name. The caller owns the text. */
GBytes *aak_state_profile (const char *name, GBytes *yaml,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
