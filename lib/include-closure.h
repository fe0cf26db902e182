/* SPDX-License-Identifier: LGPL-2.1-or-later
 * All files that profile texts draw in, for a digest that changes whenever one of them does. */
#pragma once

#include <glib.h>

typedef struct AakIncludes AakIncludes;

/* @base: the directory of abi/, abstractions/ and tunables/. A file that several texts draw in is
 * read once. Free with aak_includes_free(). */
AakIncludes *aak_includes_new (const char *base);
void aak_includes_free (AakIncludes *includes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakIncludes, aak_includes_free)

/* The digest over everything that @text includes (abi files too), directly or not, below the base,
 * in hex: names, contents, and that an optional file is missing. NULL where that cannot be told by
 * reading (an include relative to the working directory, a form this reader does not know, too many
 * files). A word that only looks like an include costs nothing but an unneeded recompilation.
 * Several threads may call it. (apparmor_parser's parser_lex.l, parser_include.c) */
char *aak_includes_digest (AakIncludes *includes, GBytes *text);
