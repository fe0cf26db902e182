/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Tells that the kernel's policy may have changed: whoever loaded, replaced or removed a profile.
 */
#pragma once

#include "lib/lsm.h"

typedef struct AakLsmWatch AakLsmWatch;

/* Watches the policy of @lsm: the file policy/revision, which the kernel bumps with each change and
 * which can be polled; of a recording, its profiles' directory. IO where that cannot be. Free with
 * aak_lsm_watch_free(). */
AakLsmWatch *aak_lsm_watch_new (const AakLsm *lsm, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_lsm_watch_free (AakLsmWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLsmWatch, aak_lsm_watch_free)

/* To be polled for reading. */
int aak_lsm_watch_fd (const AakLsmWatch *watch);

/* Takes what was told; TRUE where the policy may have changed. Never waits. Changes from here on
 * are told again; so take first, then look. */
gboolean aak_lsm_watch_take (AakLsmWatch *watch);
