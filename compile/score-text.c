/* SPDX-License-Identifier: GPL-2.0-or-later
 * Scores as text. */
#include "config.h"

#include "compile/score-report.h"

#include "lib/escape.h"

#include <string.h>

#define RED   "\033[31m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

#define NAME_WIDTH 40 /* that a column of names gets at most */

/* How an entry is shown: an allowed one, one that is not, and one that nothing is claimed of. */
typedef struct
{
  const char *utf8;
  const char *ascii;
  const char *color;
} Mark;

static const Mark marks[] = {
  [AAK_EXPOSED_NOT] = { "\xe2\x9c\x93", "+", GREEN },
  [AAK_EXPOSED_BY_RULES] = { "\xe2\x9c\x97", "X", RED },
  [AAK_EXPOSED_BY_SILENCE] = { "\xe2\x9c\x97", "X", RED },
  [AAK_EXPOSED_BY_THE_KERNEL] = { " ", " ", "" },
};

/* Appends @line, of ASCII, cut where it is longer than what the style leaves, less @used. */
static void
append_cut (GString *out, const char *line, guint used, const AakScoreStyle *style)
{
  gsize len = strlen (line);
  gsize room = style->columns > used ? style->columns - used : 0;
  if (style->columns == 0 || len <= room)
    g_string_append (out, line);
  else if (room > 3)
    g_string_append_printf (out, "%.*s...", (int) (room - 3), line);
  g_string_append_c (out, '\n');
}

static char *
escaped (const char *text)
{
  return aak_escape (text, strlen (text));
}

/* --- one profile ----------------------------------------------------------------------------- */

/* The sum of the weights that count. */
static guint
whole_of (const AakScore *score)
{
  guint whole = 0;
  for (guint i = 0; i < score->lines->len; i++)
    {
      const AakScoreLine *line = score->lines->pdata[i];
      whole += line->exposed != AAK_EXPOSED_BY_THE_KERNEL ? line->exposure->weight : 0;
    }
  return whole;
}

/* What an entry adds to the score, in hundredths. */
static char *
share (const AakScoreLine *line, guint whole)
{
  if (line->exposed == AAK_EXPOSED_NOT || line->exposed == AAK_EXPOSED_BY_THE_KERNEL)
    return g_strdup ("");
  guint hundredths = (line->exposure->weight * 1000 + whole / 2) / whole;
  return g_strdup_printf ("%u.%02u", hundredths / 100, hundredths % 100);
}

/* The caller frees it. */
static char *
remark (const AakScoreLine *line)
{
  if (line->exposed == AAK_EXPOSED_BY_SILENCE)
    return g_strdup (" (the policy does not mediate it: name a newer abi)");
  if (line->exposed == AAK_EXPOSED_BY_THE_KERNEL)
    return g_strdup (" (the kernel does not mediate it)");
  if (line->exposed == AAK_EXPOSED_NOT || line->exposure->least == 0)
    return g_strdup ("");
  g_autofree char *least = aak_score_text (line->exposure->least);
  return g_strdup_printf (" (a score of %s at least)", least);
}

/* Why it matters, and the question that decided it, for an entry that is allowed. */
static void
append_details (GString *out, const AakScoreLine *line, const AakScoreStyle *style)
{
  if (!style->verbose || line->question == NULL || line->exposed == AAK_EXPOSED_BY_THE_KERNEL)
    return;
  g_autofree char *name = line->name != NULL ? escaped (line->name) : NULL;
  g_autofree char *why = g_strdup_printf ("%27s%s", "", line->exposure->why);
  append_cut (out, why, 0, style);
  g_autofree char *text = g_strdup_printf ("%27s%s%s%s", "", line->question,
                                           name != NULL ? ": " : "", name != NULL ? name : "");
  append_cut (out, text, 0, style);
}

static void
append_line (GString *out, const AakScoreLine *line, guint whole, const AakScoreStyle *style)
{
  const Mark *mark = &marks[line->exposed];
  g_autofree char *part = share (line, whole);
  g_autofree char *said = remark (line);
  g_autofree char *text =
      g_strdup_printf (" %4s  %-18s %s%s", part, line->exposure->id, line->exposure->what, said);
  g_string_append_printf (out, "%s%s%s", style->color ? mark->color : "",
                          style->utf8 ? mark->utf8 : mark->ascii, style->color ? PLAIN : "");
  append_cut (out, text, 1, style);
  append_details (out, line, style);
}

static void
append_reference (GString *out, guint score, const char *name, const AakScoreStyle *style)
{
  g_autofree char *number = aak_score_text (score);
  g_autofree char *text = g_strdup_printf ("%6s  %-10s  %s", number, aak_score_word (score), name);
  append_cut (out, text, 0, style);
}

char *
aak_score_report_one (const AakScored *scored, const AakScoreStyle *style)
{
  const AakScore *score = scored->score;
  GString *out = g_string_new (NULL);
  g_autofree char *name = escaped (scored->name);
  guint whole = whole_of (score);
  append_cut (out, "   ADDS  ID                 WHAT IT MAY DO", 0, style);
  for (guint i = 0; i < score->lines->len; i++)
    append_line (out, score->lines->pdata[i], whole, style);
  g_string_append_c (out, '\n');
  append_reference (out, score->score, name, style);
  if (score->score != score->by_rules)
    append_reference (out, score->by_rules, "were it enforced", style);
  append_reference (out, score->containerd, "containerd's default profile", style);
  append_reference (out, AAK_SCORE_MAX, "an unconfined pod", style);
  return g_string_free (out, FALSE);
}

/* --- several --------------------------------------------------------------------------------- */

static void
append_row (GString *out, guint score, const char *const *columns, guint width,
            const AakScoreStyle *style)
{
  g_autofree char *number = aak_score_text (score);
  g_autofree char *text =
      g_strdup_printf ("%5s  %-10s  %-10s  %-*s  %-12s  %s", number, aak_score_word (score),
                       columns[0], (int) width, columns[1], columns[2], columns[3]);
  append_cut (out, g_strchomp (text), 0, style);
}

static guint
name_width (const AakScoreSheet *sheet)
{
  gsize width = strlen ("(containerd's default)");
  for (guint i = 0; i < sheet->profiles->len; i++)
    {
      g_autofree char *name = escaped (((const AakScored *) sheet->profiles->pdata[i])->name);
      width = MAX (width, strlen (name));
    }
  return (guint) MIN (width, NAME_WIDTH);
}

/* A line for each feature set, since the references count what its kernel mediates. */
static void
append_references (GString *out, const AakScoreSheet *sheet, guint width,
                   const AakScoreStyle *style)
{
  g_autoptr (GHashTable) shown = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < sheet->profiles->len; i++)
    {
      const AakScored *scored = sheet->profiles->pdata[i];
      const char *features = scored->features != NULL ? scored->features : "";
      const char *const columns[] = { "", "(containerd's default)", features, "" };
      if (g_hash_table_add (shown, (gpointer) features))
        append_row (out, scored->score->containerd, columns, width, style);
    }
  const char *const columns[] = { "", "(an unconfined pod)", "", "" };
  append_row (out, AAK_SCORE_MAX, columns, width, style);
}

char *
aak_score_report_all (const AakScoreSheet *sheet, const AakScoreStyle *style)
{
  GString *out = g_string_new (NULL);
  guint width = name_width (sheet);
  g_autofree char *head = g_strdup_printf ("SCORE  %-10s  %-10s  %-*s  %-12s  POLICY", "VERDICT",
                                           "MODE", (int) width, "PROFILE", "FEATURES");
  append_cut (out, head, 0, style);
  for (guint i = 0; i < sheet->profiles->len; i++)
    {
      const AakScored *scored = sheet->profiles->pdata[i];
      g_autofree char *name = escaped (scored->name);
      g_autofree char *path = escaped (scored->path);
      const char *const columns[] = { aak_mode_name (scored->mode), name,
                                      scored->features != NULL ? scored->features : "", path };
      append_row (out, scored->score->score, columns, width, style);
    }
  append_references (out, sheet, width, style);
  const AakScored *highest = aak_score_sheet_highest (sheet);
  g_autofree char *most = aak_score_text (highest != NULL ? highest->score->score : 0);
  g_autofree char *mean = aak_score_text (aak_score_sheet_mean (sheet));
  g_string_append_printf (out, "highest %s, mean %s of %u\n", most, mean, sheet->profiles->len);
  return g_string_free (out, FALSE);
}
