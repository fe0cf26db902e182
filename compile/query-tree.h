/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile query --tree: what is allowed with the files of a tree, written as they are found. */
#pragma once

#include "lib/cli.h"
#include "lib/policy/profile.h"

/* Tells what @profile allows with the files below the directory @root, see aak_tree_report(); as
 * lines, or as the document "aakit/tree/1". Returns the exit code: FINDING where a part of the tree
 * could not be read, which is warned of. */
int aak_query_tree (AakCli *cli, const AakPolicyProfile *profile, const char *root, gboolean owner,
                    GError **error);
