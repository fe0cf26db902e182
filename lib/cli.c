/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Verb table, common options, diagnostics. */
#include "config.h"

#include "lib/cli.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/help.h"
#include "lib/term-block.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct AakCli
{
  const AakProgram *program;
  const AakVerb *verb;
  char *root;
  gboolean json;
  gboolean quiet;
  gboolean verbose;
  gboolean version;
  gboolean color;     /* of diagnostics */
  gboolean color_out; /* of results */
  AakTermBlock block; /* of progress, on the terminal */
  GMutex mutex;       /* of the block, and of what is written around it */
  char *color_when;
};

const char *
aak_cli_root (const AakCli *cli)
{
  return cli->root != NULL ? cli->root : "/";
}

gboolean
aak_cli_json (const AakCli *cli)
{
  return cli->json;
}

gboolean
aak_cli_verbose (const AakCli *cli)
{
  return cli->verbose;
}

gboolean
aak_cli_color_out (const AakCli *cli)
{
  return cli->color_out;
}

gboolean
aak_cli_live (const AakCli *cli)
{
  return !cli->quiet && aak_term_is_drawable (STDERR_FILENO);
}

/* --- diagnostics ----------------------------------------------------------------------------- */

static void
clear_progress (AakCli *cli)
{
  aak_term_block_clear (&cli->block, stderr);
}

/* One diagnostic line: "PROGRAM: LABEL: text", the label in the colour @sgr. */
G_GNUC_PRINTF (4, 0)
static void
diagnose (AakCli *cli, const char *label, const char *sgr, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&cli->mutex);
  clear_progress (cli);
  if (*label == '\0')
    fprintf (stderr, "%s: %s\n", cli->program->name, text);
  else if (cli->color)
    fprintf (stderr, "%s: \033[%sm%s:\033[0m %s\n", cli->program->name, sgr, label, text);
  else
    fprintf (stderr, "%s: %s: %s\n", cli->program->name, label, text);
}

void
aak_cli_note (AakCli *cli, const char *format, ...)
{
  if (cli->quiet)
    return;
  va_list args;
  va_start (args, format);
  diagnose (cli, "", "", format, args);
  va_end (args);
}

void
aak_cli_detail (AakCli *cli, const char *format, ...)
{
  if (!cli->verbose)
    return;
  va_list args;
  va_start (args, format);
  diagnose (cli, "", "", format, args);
  va_end (args);
}

void
aak_cli_warn (AakCli *cli, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  diagnose (cli, "warning", "1;33", format, args);
  va_end (args);
}

void
aak_cli_block (AakCli *cli, const char *format, ...)
{
  if (cli->quiet)
    return;
  va_list args;
  va_start (args, format);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&cli->mutex);
  clear_progress (cli);
  vfprintf (stderr, format, args);
  va_end (args);
}

void
aak_cli_progress (AakCli *cli, const char *text)
{
  if (!aak_cli_live (cli))
    return;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&cli->mutex);
  aak_term_block_draw (&cli->block, stderr, text);
}

void
aak_cli_out (AakCli *cli, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&cli->mutex);
  clear_progress (cli);
  vprintf (format, args);
  va_end (args);
}

void
aak_cli_out_json (AakCli *cli, const AakJson *json)
{
  aak_cli_out (cli, "%s\n", aak_json_text (json));
}

/* --- suggestions ----------------------------------------------------------------------------- */

/* The number of letters to insert, delete, change, or swap with their neighbour between two words
 * (optimal string alignment); words over 63 bytes are never near. */
static guint
edit_distance (const char *a, const char *b)
{
  gsize la = strlen (a), lb = strlen (b);
  if (la > 63 || lb > 63)
    return G_MAXUINT;
  guint rows[3][64]; /* of the two letters before, of the one before, of this one */
  for (gsize j = 0; j <= lb; j++)
    rows[1][j] = (guint) j;
  for (gsize i = 1; i <= la; i++)
    {
      rows[2][0] = (guint) i;
      for (gsize j = 1; j <= lb; j++)
        {
          guint change = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
          rows[2][j] = MIN (MIN (rows[1][j], rows[2][j - 1]) + 1, change);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            rows[2][j] = MIN (rows[2][j], rows[0][j - 2] + 1);
        }
      memcpy (rows[0], rows[1], sizeof rows[0]);
      memcpy (rows[1], rows[2], sizeof rows[1]);
    }
  return rows[1][lb];
}

const char *
aak_cli_suggest (const char *word, const char *const *candidates)
{
  const char *best = NULL;
  guint limit = MAX (1, (guint) strlen (word) / 3), best_distance = G_MAXUINT;
  for (; *candidates != NULL; candidates++)
    {
      guint distance = edit_distance (word, *candidates);
      if (distance <= limit && distance < best_distance)
        {
          best = *candidates;
          best_distance = distance;
        }
    }
  return best;
}

/* --- options --------------------------------------------------------------------------------- */

static gboolean
choose_color (AakCli *cli, GError **error)
{
  const char *when = cli->color_when != NULL ? cli->color_when : "auto";
  const char *no_color = g_getenv ("NO_COLOR");
  gboolean wanted = no_color == NULL || *no_color == '\0';
  if (strcmp (when, "always") == 0)
    cli->color = cli->color_out = TRUE;
  else if (strcmp (when, "never") == 0)
    cli->color = cli->color_out = FALSE;
  else if (strcmp (when, "auto") == 0)
    {
      cli->color = wanted && aak_term_is_drawable (STDERR_FILENO);
      cli->color_out = wanted && aak_term_is_drawable (STDOUT_FILENO);
    }
  else
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--color=%s: must be auto, always or never",
                   when);
      return FALSE;
    }
  return TRUE;
}

/* Adds "did you mean" to GOption's message about an unknown option. */
static void
suggest_option (GError *error, const GOptionEntry *entries, const GOptionEntry *common)
{
  const char *dashes = strstr (error->message, "--");
  if (error->domain != G_OPTION_ERROR || error->code != G_OPTION_ERROR_UNKNOWN_OPTION
      || dashes == NULL)
    return;
  g_autofree char *word = g_strdup (dashes + 2);
  word[strcspn (word, "= ")] = '\0';
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (const GOptionEntry *e = entries; e != NULL && e->long_name != NULL; e++)
    g_ptr_array_add (names, (gpointer) e->long_name);
  for (const GOptionEntry *e = common; e->long_name != NULL; e++)
    g_ptr_array_add (names, (gpointer) e->long_name);
  g_ptr_array_add (names, (gpointer) "help");
  g_ptr_array_add (names, NULL);
  const char *near = aak_cli_suggest (word, (const char *const *) names->pdata);
  if (near == NULL)
    return;
  char *message = g_strdup_printf ("%s: did you mean --%s?", error->message, near);
  g_free (error->message);
  error->message = message;
}

static char *
verb_list (const AakProgram *program)
{
  GString *text = g_string_new ("Verbs:\n");
  for (const AakVerb *v = program->verbs; v->name != NULL; v++)
    g_string_append_printf (text, "  %-10s %s%s\n", v->name, v->summary,
                            v == program->verbs ? " (the default)" : "");
  g_string_append_printf (text, "\n'%s VERB --help' tells more of a verb; 'man %s' has it all.\n",
                          program->name, program->name);
  return g_string_free (text, FALSE);
}

gboolean
aak_cli_parse (AakCli *cli, const GOptionEntry *entries, const char *usage, const char *examples,
               int *argc, char ***argv, GError **error)
{
  const GOptionEntry common[] = {
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &cli->root, "Put every host path below DIR", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "Print the result as one JSON document", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet, "Warnings and errors only", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, "Say more", NULL },
    { "color", 0, 0, G_OPTION_ARG_STRING, &cli->color_when, "auto (default), always or never",
      "WHEN" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &cli->version, "Print the version and exit", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autofree char *summary = g_strdup_printf ("%s\n\nExamples:\n%s", cli->verb->summary, examples);
  g_option_context_set_summary (context, summary);
  if (cli->verb == cli->program->verbs)
    {
      g_autofree char *verbs = verb_list (cli->program);
      g_option_context_set_description (context, verbs);
    }
  aak_help_add (context);
  g_option_context_add_main_entries (context, common, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);

  GError *local = NULL;
  if (!g_option_context_parse (context, argc, argv, &local))
    {
      suggest_option (local, entries, common);
      g_propagate_error (error, local);
      return FALSE;
    }
  if (cli->version)
    {
      printf ("%s (aakit) %s\n", cli->program->name, PACKAGE_VERSION);
      exit (fflush (stdout) == 0 ? AAK_EXIT_OK : AAK_EXIT_FAILED);
    }
  return choose_color (cli, error);
}

gboolean
aak_cli_no_words (int argc, char **argv, GError **error)
{
  if (argc <= 1)
    return TRUE;
  g_autofree char *word = aak_escape (argv[1], strlen (argv[1]));
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "'%s': this verb takes options only", word);
  return FALSE;
}

/* --- the verb -------------------------------------------------------------------------------- */

static const AakVerb *
find_verb (const AakProgram *program, const char *word)
{
  for (const AakVerb *v = program->verbs; v->name != NULL; v++)
    if (strcmp (v->name, word) == 0)
      return v;
  return NULL;
}

/* Common options may stand before the verb; the index of the first word that is none of them. */
static int
skip_common_options (int argc, char **argv)
{
  static const char *const flags[] = { "--json", "-q", "--quiet", "-v", "--verbose", NULL };
  int i = 1;
  while (i < argc)
    {
      if (g_strv_contains (flags, argv[i]) || g_str_has_prefix (argv[i], "--root=")
          || g_str_has_prefix (argv[i], "--color="))
        i++;
      else if (strcmp (argv[i], "--root") == 0 || strcmp (argv[i], "--color") == 0)
        i += 2;
      else
        break;
    }
  return i;
}

/* A first word that is no verb, no option and no existing file is most likely a misspelt verb. */
static gboolean
check_word (const AakProgram *program, const char *word, GError **error)
{
  if (*word == '-' || strchr (word, '/') != NULL || g_file_test (word, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (const AakVerb *v = program->verbs; v->name != NULL; v++)
    g_ptr_array_add (names, (gpointer) v->name);
  g_ptr_array_add (names, NULL);
  const char *near = aak_cli_suggest (word, (const char *const *) names->pdata);
  if (near == NULL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "no verb '%s': did you mean '%s'?", word, near);
  return FALSE;
}

static int
run_verb (AakCli *cli, int argc, char **argv, GError **error)
{
  int at = skip_common_options (argc, argv);
  cli->verb = at < argc ? find_verb (cli->program, argv[at]) : NULL;
  g_autoptr (GPtrArray) args = g_ptr_array_new ();
  g_ptr_array_add (args, argv[0]);
  for (int i = 1; i < argc; i++)
    if (cli->verb == NULL || i != at)
      g_ptr_array_add (args, argv[i]);
  g_ptr_array_add (args, NULL);

  g_set_prgname (cli->program->name);
  if (cli->verb == NULL && at < argc && !check_word (cli->program, argv[at], error))
    return AAK_EXIT_USAGE;

  if (cli->verb != NULL)
    {
      g_autofree char *name = g_strdup_printf ("%s %s", cli->program->name, cli->verb->name);
      g_set_prgname (name);
    }
  else
    cli->verb = cli->program->verbs;
  return cli->verb->run (cli, (int) args->len - 1, (char **) args->pdata, error);
}

static void
print_error (AakCli *cli, const GError *error)
{
  clear_progress (cli);
  const char *on = cli->color ? "\033[1;31m" : "", *off = cli->color ? "\033[0m" : "";
  fprintf (stderr, "%s: %serror:%s %s\n", cli->program->name, on, off, error->message);
  if (aak_error_exit_code (error) == AAK_EXIT_USAGE)
    fprintf (stderr, "%s: '%s --help' shows what it takes\n", cli->program->name, g_get_prgname ());
}

int
aak_cli_main (const AakProgram *program, int argc, char **argv)
{
  AakCli cli = { .program = program };
  g_autoptr (GError) error = NULL;
  int code = AAK_EXIT_FAILED;
  if (program->begin == NULL || program->begin (&error))
    code = run_verb (&cli, argc, argv, &error);
  if (error != NULL)
    {
      print_error (&cli, error);
      code = (int) aak_error_exit_code (error);
    }
  clear_progress (&cli);
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fprintf (stderr, "%s: error: cannot write to standard output: %s\n", program->name,
               g_strerror (errno));
      code = code == AAK_EXIT_OK || code == AAK_EXIT_FINDING ? AAK_EXIT_FAILED : code;
    }
  g_free (cli.root);
  g_free (cli.color_when);
  return code;
}
