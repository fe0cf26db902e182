/* SPDX-License-Identifier: GPL-2.0-or-later
 * Brings a plan into the kernel with one write, proves every profile, and puts back what was there
 * where that fails. */
#pragma once

#include "lib/lsm.h"

#include <glib.h>

/* Loads the ADD and REPLACE steps of @steps (of AakStep) in one write and reads each profile's hash
 * and mode back; a step that is proved has its hash set. Nothing is written where there is nothing
 * to change. On failure (PRIVILEGE, KERNEL, INVALID) the message names the profile that differs and
 * says whether the kernel is as it was. */
gboolean aak_transaction_run (AakLsm *lsm, GPtrArray *steps,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
