/* SPDX-License-Identifier: GPL-2.0-or-later
 * What two compiled profiles of one name do differently. */
#pragma once

#include "compile/diff-side.h"
#include "lib/policy/excess.h"

/* A property of a whole profile: "mode", "flags", "xattrs", "hat", "audit". */
typedef struct
{
  const char *what; /* static */
  char *before;
  char *after;
  gboolean records_only; /* it says what is recorded, not what is allowed */
} AakProfileChange;

/* A file of a tree with which more or less is allowed. */
typedef struct
{
  char *path;
  guint32 lost, gained; /* AAK_MAY_READ, WRITE, EXEC */
} AakFileChange;

typedef struct
{
  char *name;
  const AakPolicyProfile *before, *after; /* NULL: that side has no profile of this name */
  const char *before_path, *after_path;   /* where they were found */
  GPtrArray *changes;                     /* AakProfileChange */
  GPtrArray *lost, *gained;               /* AakExcess; empty where a side is missing */
  gboolean more;                          /* not all of them are there */
  GPtrArray *files;                       /* AakFileChange, by path; NULL: there is no tree */
  GPtrArray *skipped; /* char *: what of the tree could not be read, and why, escaped */
} AakProfileDiff;

/* What is compared beside the profiles. */
typedef struct
{
  const char *tree; /* a directory, or NULL */
  gboolean owner;   /* its files are the task's own */
} AakDiffTree;

/* Compares the profiles of two sides by their names, and by feature set where both sides have
 * several; where each has one profile only, by these. An array of AakProfileDiff for those that are
 * not alike, by name (the caller owns it; it is gone before the sides are). USAGE where only one of
 * them has several feature sets; errors as of aak_policy_excess() and aak_tree_report(). */
GPtrArray *aak_profile_diff (const AakDiffSide *before, const AakDiffSide *after,
                             const AakDiffTree *tree, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where something is allowed by one of them only. */
gboolean aak_profile_diff_allows (const AakProfileDiff *diff);
