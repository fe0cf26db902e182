/* SPDX-License-Identifier: GPL-2.0-or-later
 * Desired profiles into the kernel: plan -> commit, under the lock. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"
#include "register/desired.h"
#include "register/plan.h"

#include <glib.h>

/* Zeroed: nothing is done but loading what is aakit's own. */
typedef struct
{
  AakPlanRules rules;   /* their names are owned */
  gboolean allow_empty; /* pruning, even where nothing is desired */
  char *seccomp_dir;    /* where seccomp profiles belong; NULL: AAK_SECCOMP_DEFAULT_DIR */
  char *inputs;         /* digest of what is desired (register/inputs.h), with which a run that
                           finds nothing to do is sealed; NULL: it is not */
} AakApplyOptions;

void aak_apply_options_clear (AakApplyOptions *options);

/* The command line's options for @options: fills the first AAK_APPLY_N_ENTRIES of @entries, which
 * write to it. */
#define AAK_APPLY_N_ENTRIES 7
void aak_apply_options_entries (AakApplyOptions *options, GOptionEntry *entries);

/* What would be done: the steps (of AakStep) for @desired. Nothing is written, and
 * no lock taken. The caller owns them. */
GPtrArray *aak_apply_plan (AakCli *cli, AakLsm *lsm, const AakDesired *desired,
                           const AakApplyOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Plans and acts, whole or not at all; the steps that were taken. BUSY where a step is refused
 * (each is named, with what to do about it), or somebody else held the lock for @lock_seconds;
 * INVALID where nothing is desired and everything would be pruned; else as aak_commit_run(). */
GPtrArray *aak_apply_run (AakCli *cli, AakLsm *lsm, const AakDesired *desired,
                          const AakApplyOptions *options, guint lock_seconds,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
