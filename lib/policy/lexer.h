/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Takes the text of a policy apart into statements, as far as is needed to know where each profile
 * ends. It follows apparmor_parser's own scanner (parser_lex.l), and refuses what that reads in
 * more than one way: the parser itself says whether a text is right, this reader only where things
 * are in one that is. */
#pragma once

#include <glib.h>

typedef enum
{
  AAK_STATEMENT_END,     /* of the text */
  AAK_STATEMENT_COMMENT, /* from its # to the end of the line */
  AAK_STATEMENT_RULE,    /* with its comma; also an include, or a variable's value */
  AAK_STATEMENT_PROFILE, /* what opens a profile, up to its { */
  AAK_STATEMENT_HAT,     /* the same of a hat */
  AAK_STATEMENT_GROUP,   /* what opens the body of an if, an else, or of a qualifier ("audit {") */
  AAK_STATEMENT_CLOSE,   /* } */
} AakStatementKind;

typedef struct
{
  AakStatementKind kind;
  gsize start, end;         /* offsets of its first byte and behind its last one */
  gsize name_at, name_size; /* of a profile or hat: its name, without quotes */
} AakStatement;

/* To be made with the first three set; takes nothing. */
typedef struct
{
  const char *what; /* stands for the text in messages, escaped */
  const char *text; /* may hold any bytes */
  gsize len;
  gsize at; /* behind the last statement */
} AakPolicyLexer;

/* Reads the next statement. INVALID, as "WHAT:LINE:COLUMN: why", where the text ends within one, or
 * it cannot be told where it ends. */
gboolean aak_policy_lexer_next (AakPolicyLexer *lexer, AakStatement *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets INVALID for what is at @offset: "WHAT:LINE:COLUMN: why". Always FALSE. */
gboolean aak_policy_lexer_fail (const AakPolicyLexer *lexer, gsize offset, GError **error,
                                const char *format, ...) G_GNUC_PRINTF (4, 5);
