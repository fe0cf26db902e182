/* SPDX-License-Identifier: GPL-2.0-or-later
 * Brings a plan into the kernel, proves every profile, and puts back what was there where that
 * fails. */
#pragma once

#include "lib/lsm.h"

#include <glib.h>

/* A plan that is in the kernel, and can still be undone. */
typedef struct AakTransaction AakTransaction;

/* Loads the ADD and REPLACE steps of @steps (of AakStep) in one write and reads each profile's hash
 * and mode back; a step that is proved has its hash set. Then it unloads the PRUNE steps, one after
 * another, after another look at who wears them. Nothing is written where there is nothing to
 * change. On failure (PRIVILEGE, KERNEL, INVALID; BUSY where a task has come to wear what shall go)
 * all is undone, and the message names the profile that differs and says whether the kernel is as
 * it was. @lsm must outlive the result. */
AakTransaction *aak_transaction_run (AakLsm *lsm, GPtrArray *steps,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_transaction_free (AakTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakTransaction, aak_transaction_free)

/* Puts everything back as it was before; adds to the message of @error, which is why, whether that
 * went well, or what differs. A profile that was not there and that a task wears by now stays: the
 * task would become unconfined. */
void aak_transaction_undo (AakTransaction *transaction, GError **error);
