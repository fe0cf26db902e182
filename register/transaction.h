/* SPDX-License-Identifier: GPL-2.0-or-later
 * Brings a plan into the kernel, proves every profile, and puts back what was there where that
 * fails. */
#pragma once

#include "lib/lsm.h"
#include "register/undo.h"

#include <glib.h>

/* Loads the ADD and REPLACE steps of @steps (of AakStep) in one write and reads each profile's hash
 * and mode back; a step that is proved has its hash set. Then it unloads the PRUNE steps, one after
 * another, after another look at who wears them. Nothing is written where there is nothing to
 * change. On failure (PRIVILEGE, KERNEL, INVALID; BUSY where a task has come to wear what shall go)
 * all is undone, and the message names the profile that differs and says whether the kernel is as
 * it was. The result undoes it where something else fails. */
AakUndo *aak_transaction_run (AakLsm *lsm, GPtrArray *steps,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
