/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does the pattern of a rule match a path? For the patterns that path-pattern and content-tree
 * write. */
#pragma once

#include <glib.h>

/* TRUE where @pattern, in AppArmor's syntax and without quotes, matches just @path. The variables
 * of a learned profile are known. FALSE too where the pattern is none. */
gboolean aak_path_match (const char *pattern, const char *path);

/* The same for many paths: a regular expression for g_regex_match() that matches what @pattern
 * does; NULL where it is none. The caller drops it. */
GRegex *aak_path_match_compile (const char *pattern);
