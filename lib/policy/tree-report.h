/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What a profile allows with the files of a real tree. */
#pragma once

#include "lib/policy/query.h"

#include <glib.h>

/* Of regular files, by name: one with several names counts for each. Symbolic links are not
 * followed, since the kernel asks about what they lead to. */
typedef struct
{
  guint64 files;
  guint64 readable;
  guint64 writable;
  guint64 executable; /* by exec */
  guint64 skipped;    /* directories and files that could not be read, or are above themselves */
} AakTreeTotals;

/* What becomes of what is found below the root. */
typedef struct
{
  /* A file: its path as the application sees it, and what of AAK_MAY_READ, WRITE and EXEC is
   * allowed; none only where @all. */
  void (*allowed) (const char *path, guint32 mask, gpointer user_data);
  /* What was skipped: its path as it is on this machine, and why. */
  void (*skipped) (const char *path, const char *why, gpointer user_data);
  gpointer user_data;
  gboolean all; /* of files with which nothing is allowed is told, too */
} AakTreeVisitor;

/* Asks @profile about every regular file below the directory @root, which may be a link to one, in
 * the order of their names. What is mounted there belongs to it; what disappears meanwhile does
 * not. @owner: the files are the task's own. An error where @root is no directory that can be read.
 */
gboolean aak_tree_report (const AakPolicyProfile *profile, const char *root, gboolean owner,
                          const AakTreeVisitor *visitor, AakTreeTotals *out_totals,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
