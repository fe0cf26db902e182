/* SPDX-License-Identifier: GPL-2.0-or-later
 * Paths as AppArmor patterns: exact escaping, and the parts of a path that are never the same
 * twice. */
#pragma once

#include <glib.h>

/* Appends the bytes [@bytes, @bytes + @len) as pattern text that matches exactly them: globbing
 * characters escaped; quotes, backslashes, control and non-ASCII bytes as octal, which the parser
 * takes literally. The text may need quotes: aak_path_pattern_quote(). */
void aak_path_pattern_append_literal (GString *out, const char *bytes, gsize len);

/* The pattern for @path. @created: the application itself created this file, so that digits and
 * random suffixes in its name are its own counters. @library: it was only read and mapped. With
 * @exact nothing is widened.
 * @out_pass: the name of the pass that widened it (static), or NULL. */
char *aak_path_pattern_for (const char *path, gboolean created, gboolean library, gboolean exact,
                            const char **out_pass);

/* @pattern as a token of a rule: in double quotes where it needs them. */
char *aak_path_pattern_quote (const char *pattern);
