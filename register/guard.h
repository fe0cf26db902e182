/* SPDX-License-Identifier: GPL-2.0-or-later
 * Putting back what was brought in before, where that cannot be done as aak_apply_run() does it. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"
#include "register/apply.h"

#include <glib.h>

/* Brings those of @desired (of AakPolicy) that @options lets it (adopt: the names that are aakit's
 * own) back into the kernel, and leaves the others. Neither takes the lock nor reads or writes
 * files, which may be damaged, full or gone. The steps (of AakStep), which the caller owns; errors
 * as of aak_transaction_run(). */
GPtrArray *aak_guard_run (AakCli *cli, AakLsm *lsm, GPtrArray *desired,
                          const AakApplyOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
