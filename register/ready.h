/* SPDX-License-Identifier: GPL-2.0-or-later
 * A file by which others tell whether a watch has brought in all that its paths hold: there as long
 * as that is so. Where containers are probed, that is how a watch in one says that it is ready. */
#pragma once

#include "lib/cli.h"

/* The command line's option for @path: fills the first entry of @entries, which writes to it. */
#define AAK_READY_N_ENTRIES 1
void aak_ready_entries (char **path, const char *help, GOptionEntry *entries);

/* Makes the file @path, or removes it. NULL is no file. What is there already stays as it is. */
gboolean aak_ready_set (const char *path, gboolean ready, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where the file @path is there; NULL is no file, and always ready. */
gboolean aak_ready_is (const char *path);
