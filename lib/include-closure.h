/* SPDX-License-Identifier: LGPL-2.1-or-later
 * All files that a profile text draws in, for a digest that changes whenever one of them does. */
#pragma once

#include <glib.h>

/* Feeds @text and everything that it includes (abi files too), directly or not, below @base into
 * @sum: names, contents, and that an optional file is missing. FALSE where the closure cannot be
 * told by reading (an include relative to the working directory, a form this reader does not know,
 * too many files): @sum is of no use then. A word that only looks like an include costs nothing but
 * an unneeded recompilation. (apparmor_parser's parser_lex.l, parser_include.c) */
gboolean aak_include_closure (const char *base, GBytes *text,
                              GChecksum *sum) G_GNUC_WARN_UNUSED_RESULT;
