/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The help of a verb, as wide as the terminal. */
#include "config.h"

#include "lib/help.h"

#include "lib/cli.h"
#include "lib/error.h"
#include "lib/term-block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where in @line its description begins: behind the first gap of two blanks and more. Without one,
 * or with little room behind it, two columns within the line; a description that stands alone
 * begins with the line. */
static gsize
description_of (const char *line, guint columns)
{
  gsize margin = strspn (line, " ");
  const char *gap = strstr (line + margin, "  ");
  gsize at = gap != NULL ? (gsize) (gap - line) + strspn (gap, " ") : 0;
  if (at > 0 && at <= columns / 2)
    return at;
  return margin > 8 ? margin : MIN (margin + 2, strlen (line));
}

char *
aak_help_wrap (const char *text, guint columns)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      gsize at = description_of (*line, columns);
      g_autofree char *rest = aak_term_wrap (*line + at, columns, (guint) at);
      g_string_append_len (out, *line, (gssize) at);
      g_string_append (out, rest);
      if (line[1] != NULL)
        g_string_append_c (out, '\n');
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
put_help (GOptionContext *context)
{
  guint columns, rows;
  g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
  aak_term_size (STDOUT_FILENO, &columns, &rows);
  g_autofree char *fit = isatty (STDOUT_FILENO) ? aak_help_wrap (text, columns) : NULL;
  fputs (fit != NULL ? fit : text, stdout);
}

static gboolean
print_help (const char *name, const char *value, gpointer data, GError **error)
{
  (void) name, (void) value, (void) error;
  put_help (data);
  exit (fflush (stdout) == 0 ? AAK_EXIT_OK : AAK_EXIT_FAILED);
}

void
aak_help_add (GOptionContext *context)
{
  static const GOptionEntry help[] = {
    { "help", 'h', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) print_help,
      "Show help options", NULL },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("main", "", "", context, NULL);
  g_option_group_add_entries (group, help);
  g_option_context_set_main_group (context, group);
  g_option_context_set_help_enabled (context, FALSE);
}
