/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a profile allows with the files of a real tree. */
#pragma once

#include "lib/policy-query.h"

#include <glib.h>

/* Of regular files; symbolic links are not followed, since the kernel asks about what they lead to.
 */
typedef struct
{
  guint64 files;
  guint64 readable;
  guint64 writable;
  guint64 executable; /* by exec */
} AakTreeTotals;

/* A file below the root: its path as the application sees it, and what of AAK_MAY_READ, WRITE and
 * EXEC is allowed; never none. */
typedef void (*AakTreeFunc) (const char *path, guint32 allowed, gpointer user_data);

/* Asks @profile about every regular file below the directory @root, in the order of their names,
 * and gives those that something is allowed with to @each. @owner: the files are the task's own. An
 * error where something cannot be read; the totals are then those of a part. */
gboolean aak_tree_report (const AakPolicyProfile *profile, const char *root, gboolean owner,
                          AakTreeFunc each, gpointer user_data, AakTreeTotals *out_totals,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
