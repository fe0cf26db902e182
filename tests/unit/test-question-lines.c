/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines come out whole, however they arrive, and nothing else does. */
#include "compile/question-lines.h"
#include "lib/policy/question-words.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

/* The lines of @len bytes that arrive in parts of @part bytes, one reading after each, joined by
 * "|"; NULL with an error. */
static char *
read_all (const char *bytes, gsize len, gsize part, GError **error)
{
  int fds[2];
  cr_assert_eq (pipe (fds), 0);
  if (fork () == 0)
    {
      for (gsize at = 0; at < len; at += part)
        if (write (fds[1], bytes + at, MIN (part, len - at)) < 0)
          break;
      _exit (0);
    }
  close (fds[1]);
  g_autoptr (GError) failed = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (AakQuestionLines) lines = aak_question_lines_of (fds[0]);
  for (char *line = aak_question_lines_next (&lines, &failed); line != NULL;
       line = aak_question_lines_next (&lines, &failed))
    g_string_append_printf (out, "%s|", line);
  close (fds[0]);
  if (failed == NULL)
    return g_string_free (g_steal_pointer (&out), FALSE);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static const struct
{
  char in[24];
  char out[24];
} rows[] = {
  { "", "" },           { "\n", "|" },
  { "a\n", "a|" },      { "a", "a|" },
  { "a\nb\n", "a|b|" }, { "a\nb", "a|b|" },
  { "\n\na", "||a|" },  { "one two\nthree\n", "one two|three|" },
};

Test (question_lines, lines_are_whole_however_they_arrive)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize part = 1; part <= 16; part *= 2)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *out = read_all (rows[i].in, strlen (rows[i].in), part, &error);
        cr_expect_str_eq (out, rows[i].out);
      }
}

/* @n letters and a line's end, behind another line. */
static char *
long_line (gsize n)
{
  g_autoptr (GString) text = g_string_new ("first\n");
  for (gsize i = 0; i < n; i++)
    g_string_append_c (text, 'x');
  g_string_append_c (text, '\n');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

Test (question_lines, the_longest_line_and_one_that_is_longer)
{
  for (gsize more = 0; more < 2; more++)
    {
      g_autofree char *text = long_line (AAK_QUESTION_LINE_MAX - 2 + more);
      g_autoptr (GError) error = NULL;
      g_autofree char *out = read_all (text, strlen (text), 5000, &error);
      cr_expect_eq (out != NULL, more == 0);
      cr_expect (more == 0 || g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      cr_expect (more == 0 || strstr (error->message, "standard input:2:") != NULL);
    }
}

Test (question_lines, a_nul_is_refused)
{
  g_autoptr (GError) error = NULL;
  cr_expect_null (read_all ("a\nb\0c\n", 6, 6, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
  cr_expect_str_eq (error->message, "standard input:2: a line that is too long, or holds a NUL");
}
