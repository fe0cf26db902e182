/* SPDX-License-Identifier: GPL-2.0-or-later
 * One buffer, of the longest line that there may be. */
#include "config.h"

#include "compile/question-lines.h"

#include "lib/policy/question-words.h"
#include "lib/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

AakQuestionLines
aak_question_lines_of (int fd)
{
  return (AakQuestionLines){ .fd = fd, .bytes = g_malloc (AAK_QUESTION_LINE_MAX) };
}

void
aak_question_lines_clear (AakQuestionLines *lines)
{
  g_clear_pointer (&lines->bytes, g_free);
}

/* Reads more behind what is there, which moves to the front. FALSE at the end of the input, or with
 * an error. */
static gboolean
read_more (AakQuestionLines *lines, GError **error)
{
  memmove (lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
  lines->end -= lines->begin;
  lines->begin = 0;
  fflush (stdout);
  ssize_t n = -1;
  do
    n = read (lines->fd, lines->bytes + lines->end, AAK_QUESTION_LINE_MAX - 1 - lines->end);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return aak_error_set_errno (error, errno, "cannot read standard input");
  lines->end += (gsize) n;
  return n > 0;
}

static char *
bad_line (const AakQuestionLines *lines, GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "standard input:%" G_GUINT64_FORMAT ": a line that is too long, or holds a NUL",
               lines->number);
  return NULL;
}

/* The next @len bytes, behind which there is a newline or room for a NUL, as a line. */
static char *
take (AakQuestionLines *lines, gsize len, GError **error)
{
  char *line = lines->bytes + lines->begin;
  lines->begin = MIN (lines->begin + len + 1, lines->end);
  lines->number++;
  if (memchr (line, '\0', len) != NULL)
    return bad_line (lines, error);
  line[len] = '\0';
  return line;
}

char *
aak_question_lines_next (AakQuestionLines *lines, GError **error)
{
  for (gsize seen = 0;;)
    {
      gsize there = lines->end - lines->begin;
      const char *line = lines->bytes + lines->begin;
      const char *newline = memchr (line + seen, '\n', there - seen);
      if (newline != NULL)
        return take (lines, (gsize) (newline - line), error);
      if (there == AAK_QUESTION_LINE_MAX - 1)
        {
          lines->number++;
          return bad_line (lines, error);
        }
      g_autoptr (GError) failed = NULL;
      seen = there;
      if (read_more (lines, &failed))
        continue;
      if (failed == NULL && there > 0)
        return take (lines, there, error);
      if (failed != NULL)
        g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }
}
