/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What --help prints. */
#pragma once

#include <glib.h>

/* Gives @context an option --help, -h, which prints the help and leaves the program: as GOption's
 * own, but on a terminal no word is broken at its edge. @context outlives the parsing. Before any
 * entries are added. */
void aak_help_add (GOptionContext *context);

/* @text, the help that GOption makes, with lines of at most @columns where words allow it: what
 * goes on does so below where the description began. The caller frees it. */
char *aak_help_wrap (const char *text, guint columns);
