/* SPDX-License-Identifier: GPL-2.0-or-later
 * A plan or its outcome for people and programs. */
#pragma once

#include "lib/cli.h"

#include <glib.h>

/* Prints what was done with @steps (of AakStep), as text or as aakit/apply/1. @done: FALSE for a
 * plan that was not run. */
void aak_report_steps (AakCli *cli, GPtrArray *steps, gboolean done);

/* Prints the plan @steps as aakit/apply/1, with the lines of the files that it changes as they are
 * and as they shall be. FALSE, and nothing is printed, where a file cannot be read. */
gboolean aak_report_plan_texts (AakCli *cli, GPtrArray *steps,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens AppArmor below the root of @cli, and says where that is a recording. */
struct AakLsm *aak_report_open_lsm (AakCli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints, as text, that nothing is to be done: @profiles are loaded as wanted. */
void aak_report_kept (AakCli *cli, guint profiles);
