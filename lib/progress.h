/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How far work on many things has come: one line on the terminal while it lasts, and nothing of it
 * afterwards. */
#pragma once

#include "lib/cli.h"

typedef struct AakProgress AakProgress;

/* Begins "DONE 0 of TOTAL", where @done is what becomes of a thing ("compiled"). NULL, which all
 * below take, where nothing would be drawn: for one thing, and unless aak_cli_live(). @cli and
 * @done outlive it. A thread of its own draws: ten times a second at most, and the time at least
 * once. */
AakProgress *aak_progress_new (AakCli *cli, const char *done, guint total);

/* One more is done: @name. Any thread may tell. */
void aak_progress_step (AakProgress *progress, const char *name);

/* Takes the line from the terminal. */
void aak_progress_free (AakProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakProgress, aak_progress_free)
