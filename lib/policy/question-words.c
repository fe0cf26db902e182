/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Taking a line apart. */
#include "config.h"

#include "lib/policy/question-words.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

gboolean
aak_question_words_split (char *line, GPtrArray *words, GError **error)
{
  g_ptr_array_set_size (words, 0);
  char *rest = NULL;
  for (char *word = strtok_r (line, " \t", &rest); word != NULL;
       word = strtok_r (NULL, " \t", &rest))
    {
      gsize len = 0;
      g_autofree char *plain =
          words->len < AAK_QUESTION_WORDS_MAX ? aak_unescape (word, &len) : NULL;
      if (plain == NULL || strlen (plain) != len)
        {
          g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE,
                               "too many words, or a backslash that is not \\xNN");
          return FALSE;
        }
      g_ptr_array_add (words, g_steal_pointer (&plain));
    }
  if (words->len > 0)
    return TRUE;
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, "no question");
  return FALSE;
}
