/* SPDX-License-Identifier: GPL-2.0-or-later
 * A learned state in the place of a profile text. */
#pragma once

#include <glib.h>

/* The profile text of the state that is in the file @path, as `aa-learn profile` makes it. INVALID
 * where it is no state, TOO_LARGE beyond 64 MiB. The caller owns it. */
GBytes *aak_learned_state_text (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, where @path is called as states are; the profile text that is in the file otherwise,
 * see aak_policy_read_text(). */
GBytes *aak_learned_state_or_text (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where @path is, by its name, a state. */
gboolean aak_learned_state_is (const char *path);
