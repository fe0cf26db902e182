/* SPDX-License-Identifier: GPL-2.0-or-later
 * A plan carried out: what is registered, the texts and the kernel in step, or nothing of it. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"
#include "lib/store.h"

#include <glib.h>

/* Carries @steps (of AakStep) out under the store's lock, which the caller holds; @store is what
 * was read under it. BUSY, with nothing changed, where a step is refused: each is named, with what
 * to do about it. Where something fails all is undone: the error says whether the kernel, the texts
 * and the store are as they were, and what is not. A run that is killed leaves what the same run,
 * made again, brings to its end. */
gboolean aak_commit_run (AakCli *cli, AakLsm *lsm, GPtrArray *steps, AakStore *store,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
