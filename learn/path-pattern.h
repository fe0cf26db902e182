/* SPDX-License-Identifier: GPL-2.0-or-later
 * Paths as AppArmor patterns: exact escaping. */
#pragma once

#include <glib.h>

/* Appends the bytes [@bytes, @bytes + @len) as pattern text that matches exactly them: globbing
 * characters escaped; quotes, backslashes, control and non-ASCII bytes as octal, which the parser
 * takes literally. The text may need quotes: aak_path_pattern_quote(). */
void aak_path_pattern_append_literal (GString *out, const char *bytes, gsize len);

/* The same for names that may have several slashes in a row: of such the parser makes one in
 * mounts, addresses and D-Bus paths, unless a set stands for them. */
void aak_path_pattern_append_name (GString *out, const char *bytes, gsize len);

/* Reads what stands behind a backslash at @at, three octal digits or a byte that means itself, into
 * *@out. Returns what follows, or NULL where nothing stands there. */
const char *aak_path_pattern_take_escape (const char *at, guchar *out);

/* The bytes that @pattern matches; NULL where it may match several texts. Newly allocated. */
char *aak_path_pattern_literal (const char *pattern);

/* @pattern as a token of a rule: in double quotes where it needs them. */
char *aak_path_pattern_quote (const char *pattern);
