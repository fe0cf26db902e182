/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Drawing over the last lines of a terminal with three sequences of ECMA-48. */
#include "config.h"

#include "lib/term-block.h"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GAP         "..."
#define GAP_COLUMNS 20 /* with fewer a line is cut at its end */

void
aak_term_size (int fd, guint *out_columns, guint *out_rows)
{
  struct winsize size = { 0 };
  gboolean told = ioctl (fd, TIOCGWINSZ, &size) == 0;
  *out_columns = told && size.ws_col > 0 ? size.ws_col : 80;
  *out_rows = told && size.ws_row > 0 ? size.ws_row : 24;
}

char *
aak_term_wrap (const char *text, guint columns, guint indent)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize at = indent;
  for (char **word = words; *word != NULL; word++)
    {
      gsize len = strlen (*word);
      gboolean first = word == words;
      if (!first && at + 1 + len > columns)
        {
          g_string_append_printf (out, "\n%*s", (int) indent, "");
          at = indent;
        }
      else if (!first)
        {
          g_string_append_c (out, ' ');
          at++;
        }
      g_string_append (out, *word);
      at += len;
    }
  return g_string_free (out, FALSE);
}

/* A program that is one file has no newlocale(). */
gboolean
aak_term_is_utf8 (void)
{
  g_autofree char *before = g_strdup (setlocale (LC_CTYPE, NULL));
  gboolean utf8 = setlocale (LC_CTYPE, "") != NULL && strcmp (nl_langinfo (CODESET), "UTF-8") == 0;
  setlocale (LC_CTYPE, before);
  return utf8;
}

char *
aak_term_minutes (gint64 us)
{
  gint64 seconds = us / G_USEC_PER_SEC;
  return g_strdup_printf ("%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 60, seconds % 60);
}

char *
aak_term_wrap_out (const char *text, guint indent)
{
  guint columns = 0, rows = 0;
  if (!isatty (STDOUT_FILENO))
    return g_strdup (text);
  aak_term_size (STDOUT_FILENO, &columns, &rows);
  return aak_term_wrap (text, columns, indent);
}

gboolean
aak_term_is_drawable (int fd)
{
  const char *term = g_getenv ("TERM");
  return isatty (fd) && term != NULL && *term != '\0' && strcmp (term, "dumb") != 0;
}

static void
append_ascii (GString *out, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    g_string_append_c (out, g_ascii_isprint (bytes[i]) ? bytes[i] : '?');
}

/* The beginning of a line says what it is, and the end of a path which. */
static void
append_cut (GString *out, const char *line, gsize len, gsize width)
{
  gsize gap = width >= GAP_COLUMNS ? strlen (GAP) : 0;
  gsize tail = gap > 0 ? (width - gap) / 2 : 0;
  if (len <= width)
    {
      append_ascii (out, line, len);
      return;
    }
  append_ascii (out, line, width - gap - tail);
  g_string_append (out, gap > 0 ? GAP : "");
  append_ascii (out, line + len - tail, tail);
}

char *
aak_term_block_fit (const char *text, guint columns, guint rows, guint *out_lines)
{
  GString *out = g_string_new (NULL);
  *out_lines = 0;
  while (*text != '\0' && *out_lines + 1 < rows)
    {
      gsize len = strcspn (text, "\n");
      append_cut (out, text, len, columns > 1 ? columns - 1 : 0);
      g_string_append_c (out, '\n');
      (*out_lines)++;
      text += len + (text[len] == '\n');
    }
  return g_string_free (out, FALSE);
}

/* To the first line of the block, and nothing below. On a terminal that was made narrower since,
 * and broke the lines anew, that is inside of the block: some of it stays then, and nothing that
 * stood above it is ever taken away. */
static char *
go_back (const AakTermBlock *block)
{
  return block->lines > 0 ? g_strdup_printf ("\r\033[%uA\033[J", block->lines) : g_strdup ("");
}

/* A job in the background leaves the terminal to the shell. */
static gboolean
is_in_background (int fd)
{
  pid_t foreground = tcgetpgrp (fd);
  return foreground >= 0 && foreground != getpgrp ();
}

/* A terminal that is held (Ctrl-S), or whose reader does not keep up, takes nothing. */
static gboolean
takes_bytes (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLOUT };
  return poll (&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

void
aak_term_block_draw (AakTermBlock *block, FILE *terminal, const char *text)
{
  guint columns, rows, lines;
  int fd = fileno (terminal);
  gboolean background = is_in_background (fd);
  if (background)
    block->lines = 0;
  if (background || !takes_bytes (fd))
    return;
  aak_term_size (fd, &columns, &rows);
  g_autofree char *back = go_back (block);
  g_autofree char *fit = aak_term_block_fit (text, columns, rows, &lines);
  fprintf (terminal, "%s%s", back, fit);
  fflush (terminal);
  block->lines = lines;
}

void
aak_term_block_clear (AakTermBlock *block, FILE *terminal)
{
  g_autofree char *back = go_back (block);
  if (!is_in_background (fileno (terminal)))
    fputs (back, terminal);
  block->lines = 0;
}
