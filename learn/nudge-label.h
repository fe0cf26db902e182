/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profile aakit-nudge, in the kernel while a recording needs it. Recordings share it. */
#pragma once

#include <glib.h>

/* Its records are aakit's own, and count for nobody (aak_label_is_own()). */
#define AAK_NUDGE_LABEL "aakit-nudge"

typedef struct AakNudgeLabel AakNudgeLabel;

/* Loads the profile below @root; one that a killed recording has left is taken over. The errors of
 * the compiler, the kernel and aak_store_lock(). */
AakNudgeLabel *aak_nudge_label_hold (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the profile, unless another recording holds it too. No thread of this process may wear it
 * any more. A refusal leaves it there, for the next recording to take over. */
void aak_nudge_label_release (AakNudgeLabel *label);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakNudgeLabel, aak_nudge_label_release)
