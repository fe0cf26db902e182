/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Sections, tables and cells. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/amount.h"

char *
aak_page_id (const AakPage *page, const char *id)
{
  return g_strdup_printf ("p%u-%s", page->number, id);
}

void
aak_page_begin_section (const AakPage *page, const char *id, const char *heading)
{
  g_autofree char *own = aak_page_id (page, id), *named = g_strconcat (own, "-h", NULL);
  aak_html_begin (page->html, "section");
  aak_html_attribute (page->html, "id", own);
  aak_html_attribute (page->html, "aria-labelledby", named);
  aak_html_begin (page->html, page->alone ? "h2" : "h3");
  aak_html_attribute (page->html, "id", named);
  aak_html_text (page->html, heading);
  aak_html_end (page->html);
}

void
aak_page_end (const AakPage *page)
{
  aak_html_end (page->html);
}

void
aak_page_paragraph (const AakPage *page, const char *text)
{
  aak_html_element (page->html, "p", NULL, text);
}

void
aak_page_remark (const AakPage *page, const char *text)
{
  aak_html_element (page->html, "p", "remark", text);
}

void
aak_page_begin_table (const AakPage *page, const char *caption, const AakPageColumn *columns,
                      guint n)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "div");
  aak_html_attribute (html, "class", "scroll");
  aak_html_attribute (html, "tabindex", "0");
  aak_html_attribute (html, "role", "region");
  aak_html_attribute (html, "aria-label", caption);
  aak_html_begin (html, "table");
  aak_html_element (html, "caption", NULL, caption);
  aak_html_begin (html, "thead");
  aak_html_begin (html, "tr");
  for (guint i = 0; i < n; i++)
    {
      aak_html_begin (html, "th");
      aak_html_attribute (html, "scope", "col");
      aak_html_attribute (html, "class", columns[i].class);
      aak_html_text (html, columns[i].heading);
      aak_html_end (html);
    }
  aak_html_end (html);
  aak_html_end (html);
  aak_html_begin (html, "tbody");
}

void
aak_page_end_table (const AakPage *page)
{
  aak_html_end (page->html);
  aak_html_end (page->html);
  aak_html_end (page->html);
}

void
aak_page_cell (const AakPage *page, const char *class, const char *text)
{
  aak_html_element (page->html, "td", class, text);
}

void
aak_page_cell_count (const AakPage *page, guint64 count)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  aak_page_cell (page, "number", text);
}

void
aak_page_cell_time (const AakPage *page, guint64 ms)
{
  g_autofree char *text = ms > 0 ? aak_amount_time (ms) : g_strdup ("");
  aak_page_cell (page, "time", text);
}

void
aak_page_row_name (const AakPage *page, const char *code)
{
  aak_html_begin (page->html, "th");
  aak_html_attribute (page->html, "scope", "row");
  aak_html_element (page->html, "code", NULL, code);
  aak_html_end (page->html);
}

void
aak_page_badge (const AakPage *page, const char *class, const char *text)
{
  aak_html_begin (page->html, "span");
  aak_html_attributef (page->html, "class", "badge %s", class);
  aak_html_text (page->html, text);
  aak_html_end (page->html);
  aak_html_text (page->html, " ");
}

void
aak_page_card (const AakPage *page, const char *class, const char *name, const char *value,
               const char *explanation)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "div");
  aak_html_attributef (html, "class", "card %s", class);
  aak_html_element (html, "dt", NULL, name);
  aak_html_element (html, "dd", "value", value);
  aak_html_element (html, "dd", NULL, explanation);
  aak_html_end (html);
}
