/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Files as a map, and what becomes of programs that are run, as a graph. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/count.h"

#include <string.h>

#define MAX_EDGES  30 /* of the graph; the table has all */
#define ROW        28.0
#define LEFT       230.0 /* the labels that run something end here */
#define MIDDLE     300.0 /* the programs begin here */
#define MIDDLE_END 660.0
#define RIGHT      730.0 /* the labels that it leads to */
#define WIDTH      1000.0

/* --- files ----------------------------------------------------------------------------------- */

gboolean
aak_page_has_tree (const AakReportPart *part)
{
  return part->tree != NULL;
}

void
aak_page_write_tree (const AakPage *page)
{
  const AakTreeMap *tree = page->part->tree;
  g_autofree char *prefix = aak_page_id (page, ""),
                  *files = aak_count (aak_tree_map_files (tree), "file");
  g_autofree char *text = g_strdup_printf (
      "%s %s: %" G_GUINT64_FORMAT " may be read, %" G_GUINT64_FORMAT
      " written and %" G_GUINT64_FORMAT " run, by the compiled policy, as if each were the "
      "application's own. Permissions of the file system, which may allow less, do not count. The "
      "area of a directory is the number of its files.",
      page->part->tree_source, files, aak_tree_map_count (tree, AAK_REPORT_READ),
      aak_tree_map_count (tree, AAK_REPORT_WRITE), aak_tree_map_count (tree, AAK_REPORT_EXEC));
  aak_page_paragraph (page, text);
  aak_tree_map_write (tree, page->html, prefix);
}

/* --- the graph ------------------------------------------------------------------------------- */

gboolean
aak_page_has_programs (const AakReportPart *part)
{
  return part->execs->len > 0;
}

static const char *
target_text (const AakReportExec *exec)
{
  switch (exec->kind)
    {
    case AAK_REPORT_EXEC_STAYS:
      return "keeps the profile";
    case AAK_REPORT_EXEC_CHANGES:
      return *exec->to != '\0' ? exec->to : "another profile, which is not known here";
    case AAK_REPORT_EXEC_LEAVES:
      return "no confinement";
    case AAK_REPORT_EXEC_REFUSED:
      return "refused";
    }
  g_assert_not_reached ();
}

static const char *
edge_class (AakReportExecKind kind)
{
  static const char *const classes[] = { [AAK_REPORT_EXEC_STAYS] = "edge stays",
                                         [AAK_REPORT_EXEC_CHANGES] = "edge changes",
                                         [AAK_REPORT_EXEC_LEAVES] = "edge leaves",
                                         [AAK_REPORT_EXEC_REFUSED] = "edge refused" };
  return classes[kind];
}

/* What is in a column: texts, each once, in the order of the first edge. */
static guint
note_node (GPtrArray *nodes, const char *text)
{
  for (guint i = 0; i < nodes->len; i++)
    if (strcmp (nodes->pdata[i], text) == 0)
      return i;
  g_ptr_array_add (nodes, (gpointer) text);
  return nodes->len - 1;
}

/* Where node @index of @n is, when @rows are there. */
static double
middle_of (guint index, guint n, guint rows)
{
  return ((double) index + 0.5) * (double) rows / (double) n * ROW;
}

static void
draw_node (AakHtml *html, double x, double width, double y, const char *class, const char *text)
{
  glong room = (glong) (width / 6.6), length = g_utf8_strlen (text, -1);
  g_autofree char *end = length > room ? g_utf8_substring (text, length - room + 1, length) : NULL;
  aak_html_begin (html, "g");
  aak_html_attribute (html, "class", class);
  aak_html_begin (html, "title");
  aak_html_text (html, text);
  aak_html_end (html);
  aak_html_begin (html, "rect");
  aak_html_number (html, "x", x);
  aak_html_number (html, "y", y - 10);
  aak_html_number (html, "width", width);
  aak_html_number (html, "height", 20);
  aak_html_number (html, "rx", 3);
  aak_html_end (html);
  aak_html_begin (html, "text");
  aak_html_number (html, "x", x + 6);
  aak_html_number (html, "y", y + 4);
  aak_html_textf (html, "%s%s", end != NULL ? "\342\200\246" : "", end != NULL ? end : text);
  aak_html_end (html);
  aak_html_end (html);
}

static void
draw_edge (AakHtml *html, double x1, double y1, double x2, double y2, const char *class)
{
  double half = (x1 + x2) / 2;
  aak_html_begin (html, "path");
  aak_html_attribute (html, "class", class);
  aak_html_attributef (html, "d", "M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f", x1, y1, half, y1,
                       half, y2, x2, y2);
  aak_html_end (html);
}

/* Those that change something first. */
static int
by_kind (gconstpointer a, gconstpointer b)
{
  const AakReportExec *one = *(AakReportExec *const *) a, *other = *(AakReportExec *const *) b;
  gboolean stays = one->kind == AAK_REPORT_EXEC_STAYS;
  if (stays != (other->kind == AAK_REPORT_EXEC_STAYS))
    return stays ? 1 : -1;
  int order = strcmp (one->from, other->from);
  return order != 0 ? order : strcmp (one->program, other->program);
}

static void
draw_nodes (AakHtml *html, const GPtrArray *execs, const GPtrArray *from, const GPtrArray *to)
{
  guint rows = execs->len;
  for (guint i = 0; i < rows; i++)
    draw_node (html, MIDDLE, MIDDLE_END - MIDDLE, middle_of (i, rows, rows), "node program",
               ((AakReportExec *) execs->pdata[i])->program);
  for (guint i = 0; i < from->len; i++)
    draw_node (html, 0, LEFT, middle_of (i, from->len, rows), "node label", from->pdata[i]);
  for (guint i = 0; i < to->len; i++)
    draw_node (html, RIGHT, WIDTH - RIGHT, middle_of (i, to->len, rows), "node label",
               to->pdata[i]);
}

/* @execs, as many as there is room for. */
static void
draw_graph (AakHtml *html, const GPtrArray *execs)
{
  g_autoptr (GPtrArray) from = g_ptr_array_new (), to = g_ptr_array_new ();
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (guint));
  guint rows = execs->len;
  for (guint i = 0; i < rows; i++)
    {
      const AakReportExec *exec = execs->pdata[i];
      const guint pair[] = { note_node (from, exec->from), note_node (to, target_text (exec)) };
      g_array_append_vals (ends, pair, 2);
    }
  aak_html_begin (html, "svg");
  aak_html_attribute (html, "class", "graph");
  aak_html_attributef (html, "viewBox", "0 0 %.0f %.0f", WIDTH, rows * ROW);
  aak_html_attribute (html, "role", "img");
  aak_html_attribute (html, "aria-label",
                      "Graph: which label runs which program, and the label that it leads to. The "
                      "table below tells the same.");
  for (guint i = 0; i < rows; i++)
    {
      const AakReportExec *exec = execs->pdata[i];
      double y = middle_of (i, rows, rows);
      draw_edge (html, LEFT, middle_of (g_array_index (ends, guint, 2 * i), from->len, rows),
                 MIDDLE, y, edge_class (exec->kind));
      draw_edge (html, MIDDLE_END, y, RIGHT,
                 middle_of (g_array_index (ends, guint, 2 * i + 1), to->len, rows),
                 edge_class (exec->kind));
    }
  draw_nodes (html, execs, from, to);
  aak_html_end (html);
}

/* --- the table ------------------------------------------------------------------------------- */

static void
write_table (const AakPage *page, const GPtrArray *execs)
{
  static const AakPageColumn columns[] = {
    { "Program", "rule" },
    { "Run by", "words" },
    { "Leads to", "words" },
    { "Seen", "words" },
  };
  aak_page_begin_table (page, "Programs that may be run", columns, page->part->learned ? 4 : 3);
  for (guint i = 0; i < execs->len; i++)
    {
      const AakReportExec *exec = execs->pdata[i];
      aak_html_begin (page->html, "tr");
      aak_page_row_name (page, exec->program);
      aak_page_cell (page, NULL, exec->from);
      aak_page_cell (page, NULL, target_text (exec));
      if (page->part->learned)
        {
          g_autofree char *seen = aak_count (exec->events, "event");
          aak_page_cell (page, NULL, exec->events > 0 ? seen : "no");
        }
      aak_html_end (page->html);
    }
  aak_page_end_table (page);
}

void
aak_page_write_programs (const AakPage *page)
{
  AakHtml *html = page->html;
  g_autoptr (GPtrArray) execs = g_ptr_array_copy (page->part->execs, NULL, NULL);
  g_autoptr (GPtrArray) drawn = NULL;
  g_ptr_array_set_free_func (execs, NULL);
  g_ptr_array_sort (execs, by_kind);
  drawn = g_ptr_array_copy (execs, NULL, NULL);
  g_ptr_array_set_free_func (drawn, NULL);
  g_ptr_array_set_size (drawn, (gint) MIN (drawn->len, MAX_EDGES));
  aak_html_begin (html, "div");
  aak_html_attribute (html, "class", "scroll");
  aak_html_attribute (html, "tabindex", "0");
  aak_html_attribute (html, "role", "region");
  aak_html_attribute (html, "aria-label", "Graph of programs, which scrolls sideways");
  draw_graph (html, drawn);
  aak_html_end (html);
  if (drawn->len < execs->len)
    {
      g_autofree char *text = g_strdup_printf ("The graph shows %u of %u.", drawn->len, execs->len);
      aak_page_remark (page, text);
    }
  aak_html_begin (html, "details");
  aak_html_element (html, "summary", NULL, "The same as a table");
  write_table (page, execs);
  aak_html_end (html);
}
