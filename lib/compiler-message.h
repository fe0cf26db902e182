/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What apparmor_parser says, taken apart: file, line, column, text. */
#pragma once

#include "lib/message-place.h"

#include <glib.h>

typedef struct
{
  char *file; /* the text's name, or the path of an include; escaped */
  guint line; /* 0: it could not be told; then there is no column either */
  guint column;
  char *what; /* escaped */
  char *show; /* the source line and a caret below it, "" where the text is not there to be shown */
} AakCompilerMessage;

void aak_compiler_message_free (AakCompilerMessage *message);

/* A message of our own about the text @name (escaped), without a place. */
AakCompilerMessage *aak_compiler_message_new (const char *name, const char *what);

/* What the messages are about. */
typedef struct
{
  const char *name; /* stands for the text in messages; escaped */
  GBytes *text;
  const char *base; /* source lines are shown of the text and of files below this directory only */
} AakMessageSource;

/* Takes @err, the parser's stderr, apart: of AakCompilerMessage, in order, each once, at most 200.
 * The caller owns the array. */
GPtrArray *aak_compiler_messages_parse (const AakMessageSource *source, GBytes *err);

/* TRUE for the warning that a rule of the text is compiled to less than it says, where in truth it
 * says no more than that. */
gboolean aak_compiler_message_is_moot (const AakCompilerMessage *message, GBytes *text);

/* "FILE:LINE:COLUMN: WHAT", or "FILE: WHAT". The caller frees it. */
char *aak_compiler_message_text (const AakCompilerMessage *message);

/* All @messages, with their source lines, and no newline at the end; NULL where there are none. The
 * caller frees it. */
char *aak_compiler_messages_text (GPtrArray *messages);
