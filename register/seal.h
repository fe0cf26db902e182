/* SPDX-License-Identifier: GPL-2.0-or-later
 * The seal of a run that found nothing to do: what it looked at. While all of that is as it was,
 * the next run need not look any closer.
 *
 *   ROOT/run/aakit/sealed    gone with the boot, and with the first write of a later run
 *
 * It says nothing by itself: each look compares it with the bundles, the kernel's policy, the store
 * and the texts as they are. */
#pragma once

#include "lib/lsm.h"
#include "register/apply.h"

#include <glib.h>

/* TRUE where everything is as it was when a run with the same @inputs (register/inputs.h) and
 * @options found nothing to do; then *@out_profiles is how many profiles it found loaded. */
gboolean aak_seal_holds (const AakLsm *lsm, const char *inputs, const AakApplyOptions *options,
                         guint *out_profiles);

/* Seals the run that read @options->inputs, listed the kernel's profiles after @moment
 * (aak_lsm_moment()), and made @steps of it, where it found nothing to do; under the store's lock.
 * Nothing is written where that cannot be known again. */
gboolean aak_seal_write (const AakLsm *lsm, const char *moment, const AakApplyOptions *options,
                         GPtrArray *steps, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the seal: something is about to be written. */
gboolean aak_seal_break (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
