/* SPDX-License-Identifier: GPL-2.0-or-later
 * The files of a real tree that two profiles do not treat alike. */
#pragma once

#include "compile/profile-diff.h"

/* The files below @tree with which one profile allows to read, write or execute and the other does
 * not (AakFileChange, by path; the caller owns the array). What could not be read is added to
 * @skipped (char *). Errors as of aak_tree_report(). */
GPtrArray *aak_file_diff (const AakPolicyProfile *before, const AakPolicyProfile *after,
                          const AakDiffTree *tree, GPtrArray *skipped,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
