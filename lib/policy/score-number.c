/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Scores as numbers and words. */
#include "config.h"

#include "lib/policy/score-number.h"

#include <string.h>

const char *
aak_score_word (guint score)
{
  if (score <= 20)
    return "tight";
  if (score <= 40)
    return "ok";
  if (score <= 70)
    return "broad";
  return score < AAK_SCORE_MAX ? "exposed" : "unconfined";
}

char *
aak_score_text (guint score)
{
  return g_strdup_printf ("%u.%u", score / 10, score % 10);
}

gboolean
aak_score_parse (const char *text, guint *out_score)
{
  gsize whole = strspn (text, "0123456789");
  const char *rest = text + whole;
  gboolean fraction = *rest == '.' && g_ascii_isdigit (rest[1]) && rest[2] == '\0';
  if (whole == 0 || whole > 2 || (*rest != '\0' && !fraction))
    return FALSE;
  guint score = (guint) g_ascii_strtoull (text, NULL, 10) * 10
                + (fraction ? (guint) g_ascii_digit_value (rest[1]) : 0);
  if (score > AAK_SCORE_MAX)
    return FALSE;
  *out_score = score;
  return TRUE;
}
