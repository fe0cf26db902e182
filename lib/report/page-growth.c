/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Was enough seen? The rules over the events, and what that says of events to come. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/amount.h"
#include "lib/count.h"

#define WIDTH  720.0
#define HEIGHT 240.0
#define LEFT   46.0
#define RIGHT  708.0
#define TOP    30.0
#define BOTTOM 206.0

gboolean
aak_page_has_growth (const AakReportPart *part)
{
  return part->growth.known;
}

/* --- the curve ------------------------------------------------------------------------------- */

typedef struct
{
  AakHtml *html;
  double events, rules; /* at the right and at the top; at least 1 */
} Chart;

static double
x_of (const Chart *chart, guint64 events)
{
  return LEFT + MIN ((double) events / chart->events, 1) * (RIGHT - LEFT);
}

static double
y_of (const Chart *chart, guint rules)
{
  return BOTTOM - (double) rules / chart->rules * (BOTTOM - TOP);
}

static void
put_text (const Chart *chart, const char *class, double x, double y, const char *text)
{
  aak_html_begin (chart->html, "text");
  aak_html_attribute (chart->html, "class", class);
  aak_html_number (chart->html, "x", x);
  aak_html_number (chart->html, "y", y);
  aak_html_text (chart->html, text);
  aak_html_end (chart->html);
}

static void
put_line (const Chart *chart, const char *class, const char *path)
{
  aak_html_begin (chart->html, "path");
  aak_html_attribute (chart->html, "class", class);
  aak_html_attribute (chart->html, "d", path);
  aak_html_end (chart->html);
}

static void
draw_axes (const Chart *chart)
{
  g_autofree char *axes = g_strdup_printf ("M%g %gV%gH%g", LEFT, TOP, BOTTOM, RIGHT);
  g_autofree char *rules = g_strdup_printf ("%.0f", chart->rules);
  g_autofree char *events = g_strdup_printf ("%.0f events", chart->events);
  put_line (chart, "axis", axes);
  put_text (chart, "end", LEFT - 6, TOP + 4, rules);
  put_text (chart, "end", LEFT - 6, BOTTOM, "0");
  put_text (chart, "start", LEFT, HEIGHT - 16, "0");
  put_text (chart, "end", RIGHT, HEIGHT - 16, events);
  put_text (chart, "start", LEFT - 40, 12, "rules");
}

/* A line where each recording began. */
static void
draw_marks (const Chart *chart, const GArray *marks)
{
  double last = -100;
  for (guint i = 0; i < marks->len; i++)
    {
      double x = x_of (chart, g_array_index (marks, guint64, i));
      g_autofree char *line = g_strdup_printf ("M%.1f %gV%g", x, TOP, BOTTOM);
      g_autofree char *name = g_strdup_printf ("%u", i + 1);
      put_line (chart, "mark", line);
      if (x - last > 12)
        {
          put_text (chart, "middle", x, TOP - 5, name);
          last = x;
        }
    }
}

static void
draw_curve (const Chart *chart, const GArray *points)
{
  g_autoptr (GString) path = g_string_new (NULL);
  g_string_printf (path, "M%g %g", LEFT, BOTTOM);
  for (guint i = 0; i < points->len; i++)
    {
      const AakReportPoint *point = &g_array_index (points, AakReportPoint, i);
      g_string_append_printf (path, "H%.1fV%.1f", x_of (chart, point->events),
                              y_of (chart, point->rules));
    }
  g_string_append_printf (path, "H%g", RIGHT);
  put_line (chart, "curve", path->str);
}

static void
draw (const AakPage *page)
{
  const AakReportGrowth *growth = &page->part->growth;
  const AakReportPoint *last =
      &g_array_index (growth->points, AakReportPoint, growth->points->len - 1);
  const Chart chart = { page->html, MAX ((double) growth->events, 1),
                        MAX ((double) last->rules, 1) };
  g_autofree char *words = g_strdup_printf (
      "Curve: how many of the %u rules were there after how many of the %" G_GUINT64_FORMAT
      " events. The table below tells the same.",
      last->rules, growth->events);
  aak_html_begin (page->html, "svg");
  aak_html_attribute (page->html, "class", "chart");
  aak_html_attributef (page->html, "viewBox", "0 0 %g %g", WIDTH, HEIGHT);
  aak_html_attribute (page->html, "role", "img");
  aak_html_attribute (page->html, "aria-label", words);
  draw_marks (&chart, growth->marks);
  draw_axes (&chart);
  draw_curve (&chart, growth->points);
  aak_html_end (page->html);
}

static void
write_table (const AakPage *page)
{
  static const AakPageColumn columns[] = { { "Events", "number" }, { "Rules", "number" } };
  const GArray *points = page->part->growth.points;
  aak_html_begin (page->html, "details");
  aak_html_attribute (page->html, "class", "few");
  aak_html_element (page->html, "summary", NULL, "The same as a table");
  aak_page_begin_table (page, "Rules that were there after so many events", columns,
                        G_N_ELEMENTS (columns));
  for (guint i = 0; i < points->len; i++)
    {
      const AakReportPoint *point = &g_array_index (points, AakReportPoint, i);
      aak_html_begin (page->html, "tr");
      aak_page_cell_count (page, point->events);
      aak_page_cell_count (page, point->rules);
      aak_html_end (page->html);
    }
  aak_page_end_table (page);
  aak_html_end (page->html);
}

/* --- the estimate ---------------------------------------------------------------------------- */

static void
write_estimate (const AakPage *page)
{
  const AakReportGrowth *growth = &page->part->growth;
  g_autofree char *chance = aak_amount_percent (growth->chance);
  g_autofree char *low = aak_amount_percent (growth->low);
  g_autofree char *high = aak_amount_percent (growth->high);
  g_autofree char *once = aak_count (growth->once, "access");
  g_autofree char *runs = aak_count (growth->runs, "recording");
  g_autofree char *events = aak_count (growth->since_events, "event");
  g_autofree char *time = aak_amount_duration (growth->since_ms);
  g_autofree char *text =
      growth->enough
          ? g_strdup_printf ("The next event is an access that was never seen with a chance of %s "
                             "(95 %%: %s to %s; Good-Turing: %s of %u met once only, in %s).",
                             chance, low, high, once, growth->accesses, runs)
          : g_strdup ("There are too few events to say how likely the next one is new.");
  g_autofree char *since =
      g_strdup_printf ("After the last new rule came about %s, in %s of recorded time.", events,
                       time);
  aak_page_paragraph (page, text);
  aak_page_paragraph (page, since);
  aak_page_remark (page, "No number of the past tells of what the application was never asked to "
                         "do: whether the recordings exercised all of it is for people to say.");
}

void
aak_page_write_growth (const AakPage *page)
{
  write_estimate (page);
  if (page->part->growth.points->len == 0)
    return;
  aak_page_remark (page, "Numbered lines: a recording begins. Where between its first and its last "
                         "event an access was met, a state does not keep: that part of the curve "
                         "takes them for evenly spread.");
  draw (page);
  write_table (page);
}
