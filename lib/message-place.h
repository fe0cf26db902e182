/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Where in a profile text the compiler's message is about. apparmor_parser tells a line, or
 * nothing; what it quotes of the text says more. */
#pragma once

#include <glib.h>

/* Lines and columns count from 1; a column is a byte. */
typedef struct
{
  guint line;
  guint column;
  guint width; /* bytes from there on, at least 1 */
} AakPlace;

/* Finds the place in @text that the message @what is about, in line @line, or anywhere where that
 * is 0. What it quotes is the place where it is there exactly once; a message about a profile is
 * about its header; else it is the whole of @line, without the blanks around it. FALSE where @line
 * is 0 and nothing can be told, or @text has no such line. */
gboolean aak_message_place (GBytes *text, guint line, const char *what,
                            AakPlace *out) G_GNUC_WARN_UNUSED_RESULT;

/* @place of @text as two lines, each indented and ended: the line's bytes, escaped, and below it a
 * caret with tildes behind it. A long line is cut around the place. The caller frees it. */
char *aak_message_show (GBytes *text, const AakPlace *place);
