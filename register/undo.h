/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the kernel held before a plan, and the way back to it. */
#pragma once

#include "lib/lsm.h"

#include <glib.h>

typedef struct AakUndo AakUndo;

/* Notes what is loaded under the names that @steps (of AakStep) change, with the bytes that bring
 * it back where the kernel keeps them. Nothing is read where they change nothing. @lsm must outlive
 * the result. */
AakUndo *aak_undo_new (AakLsm *lsm, GPtrArray *steps, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_undo_free (AakUndo *undo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakUndo, aak_undo_free)

/* Puts everything back as it was; adds to the message of @error, which is why, whether that went
 * well, or what differs. A profile that was not there and that a task wears by now stays: the task
 * would become unconfined. */
void aak_undo_run (AakUndo *undo, GError **error);
