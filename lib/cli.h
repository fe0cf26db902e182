/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The command line that the three programs share: verbs, common options, diagnostics,
 * exit codes. */
#pragma once

#include "lib/json.h"

typedef struct AakCli AakCli;

/* A verb: gets the arguments after its name (argv[0] is "PROGRAM VERB"). Returns the exit code;
 * where it sets @error its return value is ignored, the error is printed once, and the exit code is
 * that of the error. */
typedef int (*AakVerbFunc) (AakCli *cli, int argc, char **argv, GError **error);

typedef struct
{
  const char *name;
  const char *summary; /* one line, for --help */
  AakVerbFunc run;
} AakVerb;

typedef struct
{
  const char *name;     /* "aa-learn" */
  const AakVerb *verbs; /* the first is the default verb; ends with a NULL name */
  /* Called before anything else, NULL: nothing. Its error ends the program. */
  gboolean (*begin) (GError **error);
} AakProgram;

/* Runs the verb that @argv names, or the default verb. Returns the exit code for main(). */
int aak_cli_main (const AakProgram *program, int argc, char **argv);

/* Parses the options of a verb: @entries (NULL-terminated) and the common ones. Leaves the
 * positional arguments in @argv.
 * @usage: the text after the verb ("PATH... -o BUNDLE"); @examples: lines shown first by --help.
 * An unknown option is an error with a suggestion. --help and --version print and leave the
 * program. */
gboolean aak_cli_parse (AakCli *cli, const GOptionEntry *entries, const char *usage,
                        const char *examples, int *argc, char ***argv,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For verbs that take options only: FALSE with an error where a word is left in @argv. */
gboolean aak_cli_no_words (int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --root ("/" when not given). Owned by @cli. */
const char *aak_cli_root (const AakCli *cli);
/* --json was given. */
gboolean aak_cli_json (const AakCli *cli);
/* -v was given. */
gboolean aak_cli_verbose (const AakCli *cli);
/* Results on stdout may be coloured: as --color says, or stdout is a terminal that can and NO_COLOR
 * is not set. */
gboolean aak_cli_color_out (const AakCli *cli);
/* stderr is a terminal, not a dumb one, and -q was not given: progress may be drawn. */
gboolean aak_cli_live (const AakCli *cli);

/* Diagnostics on stderr, one line each, with the program's name; the text must already be escaped
 * (lib/escape.h). note: progress, silenced by -q. detail: only with -v. warn: always. */
void aak_cli_note (AakCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
void aak_cli_detail (AakCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
void aak_cli_warn (AakCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Lines on stderr that stand by themselves (a block to copy), silenced by -q. */
void aak_cli_block (AakCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Draws @text, one or more lines, over what it drew before; the next diagnostic clears it. What
 * does not fit the terminal is cut (lib/term-block.h). Nothing unless aak_cli_live(). */
void aak_cli_progress (AakCli *cli, const char *text);

/* Results on stdout. */
void aak_cli_out (AakCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Prints the document @json on stdout, and ends its last line. */
void aak_cli_out_json (AakCli *cli, const AakJson *json);

/* The word of @candidates (NULL-terminated) nearest to @word by edit distance, or NULL where none
 * is near. */
const char *aak_cli_suggest (const char *word, const char *const *candidates);
