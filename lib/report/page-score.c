/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What is left open, what changed, and what is denied that was seen. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/count.h"

#include <string.h>

#define MAX_LINES 1000 /* of a change, and of what is denied; what is beyond is counted */

/* --- exposure -------------------------------------------------------------------------------- */

gboolean
aak_page_has_score (const AakReportPart *part)
{
  return part->score != NULL;
}

static void
write_exposed (const AakPage *page, AakExposed exposed)
{
  static const struct
  {
    const char *class, *text;
  } words[] = {
    [AAK_EXPOSED_NOT] = { "good", "denied" },
    [AAK_EXPOSED_BY_RULES] = { "bad", "allowed" },
    [AAK_EXPOSED_BY_SILENCE] = { "bad", "allowed: the policy's abi does not mediate it" },
    [AAK_EXPOSED_BY_THE_KERNEL] = { "plain", "the kernel does not mediate it" },
  };
  aak_html_begin (page->html, "td");
  aak_page_badge (page, words[exposed].class, words[exposed].text);
  aak_html_end (page->html);
}

static void
write_exposure (const AakPage *page, const AakScoreLine *line)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "tr");
  aak_html_begin (html, "th");
  aak_html_attribute (html, "scope", "row");
  aak_html_text (html, line->exposure->what);
  aak_html_end (html);
  write_exposed (page, line->exposed);
  aak_page_cell (page, NULL, line->exposure->containerd ? "allowed" : "denied");
  aak_page_cell_count (page, line->exposure->weight);
  aak_html_begin (html, "td");
  aak_html_text (html, line->exposure->why);
  if (line->question != NULL && line->exposed != AAK_EXPOSED_BY_THE_KERNEL)
    {
      aak_html_text (html, ": ");
      aak_html_element (html, "code", NULL, line->question);
    }
  aak_html_end (html);
  aak_html_end (html);
}

/* Two bars, one below the other. */
static void
draw_bars (const AakPage *page, const AakScore *score)
{
  const struct
  {
    const char *name;
    guint score;
  } bars[] = { { "this profile", score->score }, { "containerd's default", score->containerd } };
  AakHtml *html = page->html;
  aak_html_begin (html, "svg");
  aak_html_attribute (html, "class", "bars");
  aak_html_attribute (html, "viewBox", "0 0 400 84");
  aak_html_attribute (html, "role", "img");
  aak_html_attributef (html, "aria-label", "Exposure: %u.%u of 10; containerd's default: %u.%u",
                       score->score / 10, score->score % 10, score->containerd / 10,
                       score->containerd % 10);
  for (guint i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      g_autofree char *number = aak_score_text (bars[i].score);
      aak_html_begin (html, "text");
      aak_html_number (html, "x", 0);
      aak_html_number (html, "y", 14 + 42 * i);
      aak_html_text (html, bars[i].name);
      aak_html_end (html);
      aak_html_begin (html, "rect");
      aak_html_attribute (html, "class", i == 0 ? "bar own" : "bar");
      aak_html_number (html, "x", 0);
      aak_html_number (html, "y", 20 + 42 * i);
      aak_html_number (html, "width", MAX (bars[i].score * 3.6, 1));
      aak_html_number (html, "height", 18);
      aak_html_end (html);
      aak_html_begin (html, "text");
      aak_html_number (html, "x", 8 + bars[i].score * 3.6);
      aak_html_number (html, "y", 34 + 42 * i);
      aak_html_text (html, number);
      aak_html_end (html);
    }
  aak_html_end (html);
}

void
aak_page_write_score (const AakPage *page)
{
  static const AakPageColumn columns[] = {
    { "What gives a node away", "words" },
    { "Here", "words" },
    { "containerd's default", "words" },
    { "Weight", "number" },
    { "Why, and the question that told", "words" },
  };
  const AakScore *score = page->part->score;
  aak_page_paragraph (page, "From 0, which leaves nothing open, to 10, which is no confinement. "
                            "Each line was asked of the compiled policy.");
  draw_bars (page, score);
  aak_html_begin (page->html, "details");
  aak_html_element (page->html, "summary", NULL, "All questions and their answers");
  aak_page_begin_table (page, "Exposures", columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < score->lines->len; i++)
    write_exposure (page, score->lines->pdata[i]);
  aak_page_end_table (page);
  aak_html_end (page->html);
}

/* --- changes --------------------------------------------------------------------------------- */

gboolean
aak_page_has_changes (const AakReportPart *part)
{
  return part->changes->len > 0;
}

static void
write_lines (const AakPage *page, const char *class, const GPtrArray *lines)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "ul");
  aak_html_attribute (html, "class", class);
  for (guint i = 0; i < MIN (lines->len, MAX_LINES); i++)
    {
      aak_html_begin (html, "li");
      aak_html_element (html, "code", NULL, lines->pdata[i]);
      aak_html_end (html);
    }
  if (lines->len > MAX_LINES)
    {
      aak_html_begin (html, "li");
      aak_html_textf (html, "and %u more", lines->len - MAX_LINES);
      aak_html_end (html);
    }
  aak_html_end (html);
}

static void
write_side (const AakPage *page, const char *class, const char *sign, const char *means,
            const GPtrArray *lines)
{
  AakHtml *html = page->html;
  g_autofree char *rules = aak_count (lines->len, "rule");
  aak_html_begin (html, "details");
  aak_html_attributef (html, "class", "change %s", class);
  if (lines->len > 0 && lines->len <= 60)
    aak_html_attribute (html, "open", "");
  aak_html_begin (html, "summary");
  aak_html_textf (html, "%s %s: %s", sign, means, lines->len > 0 ? rules : "nothing");
  aak_html_end (html);
  if (lines->len > 0)
    write_lines (page, "lines", lines);
  aak_html_end (html);
}

void
aak_page_write_changes (const AakPage *page)
{
  for (guint i = 0; i < page->part->changes->len; i++)
    {
      const AakReportChange *change = page->part->changes->pdata[i];
      aak_html_element (page->html, page->alone ? "h3" : "h4", NULL, change->heading);
      if (change->explanation != NULL)
        aak_page_paragraph (page, change->explanation);
      write_side (page, "wider", "+", change->wider_means, change->wider);
      write_side (page, "narrower", "\342\210\222", change->narrower_means, change->narrower);
      for (guint k = 0; k < change->remarks->len; k++)
        aak_page_remark (page, change->remarks->pdata[k]);
    }
}

/* --- denied ---------------------------------------------------------------------------------- */

gboolean
aak_page_has_denied (const AakReportPart *part)
{
  return part->denied != NULL;
}

void
aak_page_write_denied (const AakPage *page)
{
  const GPtrArray *denied = page->part->denied;
  if (denied->len == 0)
    {
      aak_page_paragraph (page, "Nothing: the compiled policy allows every access that was seen.");
      return;
    }
  aak_page_paragraph (page, "The application did this while it was recorded. Under this profile it "
                            "fails.");
  write_lines (page, "lines", denied);
}
