/* SPDX-License-Identifier: GPL-2.0-or-later
 * Paths as AppArmor patterns: exact escaping, and the parts of a path that are never the same
 * twice. */
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

/* What is known about paths beyond their names. */
typedef struct
{
  GHashTable *created; /* set of the paths that the application itself created, directories with
                        * their slash: digits and random suffixes there are its own counters */
  gboolean library;    /* the file was only read and mapped */
  gboolean exact;      /* widen nothing */
} AakPathContext;

/* The pattern for @path. @out_pass: the name of the pass that widened it (static), or NULL. */
char *aak_path_pattern_for (const char *path, const AakPathContext *context, const char **out_pass);

/* @pattern as a token of a rule: in double quotes where it needs them. */
char *aak_path_pattern_quote (const char *pattern);
