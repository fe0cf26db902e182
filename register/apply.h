/* SPDX-License-Identifier: GPL-2.0-or-later
 * Desired profiles into the kernel: plan -> transaction -> texts and store, under the lock. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"

#include <glib.h>

/* What may be done with profiles that are not aakit's own. Zeroed: nothing. */
typedef struct
{
  char **adopt;            /* names to take over; may be NULL */
  gboolean force;          /* all names may be taken over */
  gboolean allow_complain; /* enforced profiles may become complain */
} AakApplyOptions;

void aak_apply_options_clear (AakApplyOptions *options);

/* The command line's options for @options: fills the first AAK_APPLY_N_ENTRIES of @entries, which
 * write to it. */
#define AAK_APPLY_N_ENTRIES 3
void aak_apply_options_entries (AakApplyOptions *options, GOptionEntry *entries);

/* What would be done: the steps (of AakStep) for @desired (of AakPolicy). Nothing is written, and
 * no lock taken. The caller owns them. */
GPtrArray *aak_apply_plan (AakCli *cli, AakLsm *lsm, GPtrArray *desired,
                           const AakApplyOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Plans and acts, whole or not at all; the steps that were taken. BUSY where a step is refused
 * (each is named, with what to do about it), or somebody else held the lock for @lock_seconds; else
 * as aak_transaction_run(). */
GPtrArray *aak_apply_run (AakCli *cli, AakLsm *lsm, GPtrArray *desired,
                          const AakApplyOptions *options, guint lock_seconds,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
