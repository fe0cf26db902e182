/* SPDX-License-Identifier: LGPL-2.1-or-later
 * All files that profile texts draw in, for a digest that changes whenever one of them does. */
#pragma once

#include "lib/sha256.h"

#include <glib.h>

typedef struct AakIncludes AakIncludes;

/* @base: the directory of abi/, abstractions/ and tunables/. A file that several texts draw in is
 * read once. Free with aak_includes_free(). */
AakIncludes *aak_includes_new (const char *base);
void aak_includes_free (AakIncludes *includes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakIncludes, aak_includes_free)

/* Feeds @text and everything that it includes (abi files too), directly or not, below the base into
 * @sum: names, contents, and that an optional file is missing. FALSE where the closure cannot be
 * told by reading (an include relative to the working directory, a form this reader does not know,
 * too many files): @sum is of no use then. A word that only looks like an include costs nothing but
 * an unneeded recompilation. (apparmor_parser's parser_lex.l, parser_include.c) */
gboolean aak_includes_feed (AakIncludes *includes, GBytes *text,
                            AakSha256 *sum) G_GNUC_WARN_UNUSED_RESULT;
