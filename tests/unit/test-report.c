/* SPDX-License-Identifier: GPL-2.0-or-later
 * The parts of a page: text stays text, files are counted where they are, capabilities are told. */
#include "lib/report/capability-words.h"
#include "lib/report/html.h"
#include "lib/report/page.h"
#include "lib/report/tree-map.h"
#include "lib/capability-set.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* What became of the page, as text that the caller frees. */
static char *
text_of (AakHtml *html)
{
  gsize len = 0;
  g_autoptr (GBytes) page = aak_html_take (html);
  const char *bytes = g_bytes_get_data (page, &len);
  return g_strndup (bytes, len);
}

static const struct
{
  const char *text;
  const char *written;
} texts[] = {
  { "plain /etc/hosts", "plain /etc/hosts" },
  { "<script>&\"'", "&lt;script&gt;&amp;&quot;&#39;" },
  { "a\nb\t\x1b", "a\\x0ab\\x09\\x1b" },
  { "\xc3\xbc", "\xc3\xbc" },
  { "\xff<", "\\xff&lt;" },
  { "\xe2\x80\xaex", "\\xe2\\x80\\xaex" },
  { "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
  { "back\\slash", "back\\slash" },
  { "", "" },
};

Test (html, text_is_text_in_elements_and_attributes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      AakHtml *html = aak_html_new ();
      aak_html_begin (html, "td");
      aak_html_attribute (html, "title", texts[i].text);
      aak_html_text (html, texts[i].text);
      aak_html_end (html);
      g_autofree char *wanted = g_strdup_printf ("<!DOCTYPE html>\n<td title=\"%s\">%s</td>\n",
                                                 texts[i].written, texts[i].written);
      g_autofree char *got = text_of (html);
      cr_expect_str_eq (got, wanted);
    }
}

Test (html, bytes_are_escaped_with_their_backslashes)
{
  AakHtml *html = aak_html_new ();
  aak_html_element_bytes (html, "code", NULL, "a\\x41\x01");
  g_autofree char *got = text_of (html);
  cr_expect_not_null (strstr (got, "<code>a\\x5cx41\\x01</code>"), "%s", got);
}

Test (html, data_holds_no_markup)
{
  AakHtml *html = aak_html_new ();
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_begin_array (json);
  aak_json_add_string_value (json, "</script><!--&");
  aak_json_end_array (json);
  aak_html_data (html, "d", json);
  g_autofree char *got = text_of (html);
  cr_expect_not_null (strstr (got, "[\"\\u003c/script\\u003e\\u003c!--\\u0026\"]</script>"), "%s",
                      got);
}

Test (tree_map, every_file_counts_where_it_is_and_above)
{
  g_autoptr (AakTreeMap) map = aak_tree_map_new ();
  aak_tree_map_add (map, "/a/b/one", AAK_REPORT_READ);
  aak_tree_map_add (map, "/a/b/two", AAK_REPORT_READ | AAK_REPORT_WRITE);
  aak_tree_map_add (map, "/a/c//three", AAK_REPORT_EXEC);
  aak_tree_map_add (map, "/four", 0);
  aak_tree_map_add (map, "no/path", AAK_REPORT_WRITE | AAK_REPORT_EXEC);
  aak_tree_map_add (map, "", 0);
  aak_tree_map_mark (map, "/a/b", "volume: <b>");
  aak_tree_map_mark (map, "/nothing", "volume");
  cr_expect_eq (aak_tree_map_files (map), 6);
  cr_expect_eq (aak_tree_map_count (map, AAK_REPORT_READ), 2);
  cr_expect_eq (aak_tree_map_count (map, AAK_REPORT_WRITE), 2);
  cr_expect_eq (aak_tree_map_count (map, AAK_REPORT_EXEC), 2);
  AakHtml *html = aak_html_new ();
  aak_tree_map_write (map, html, "p1-");
  g_autofree char *got = text_of (html);
  cr_expect_not_null (strstr (got, "<code>/a/b</code> (volume: &lt;b&gt;)</th><td "
                                   "class=\"number\">2</td><td class=\"number\">2</td><td "
                                   "class=\"number\">1</td><td class=\"number\">0</td>"),
                      "%s", got);
}

/* The sum of the areas of all cells is that of the drawing, less the frames: none is lost, and none
 * lies outside. */
Test (tree_map, rectangles_lie_in_the_drawing)
{
  g_autoptr (AakTreeMap) map = aak_tree_map_new ();
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *path = g_strdup_printf ("/d%u/e%u/f%u/file%u", i % 7, i % 91, i % 3, i);
      aak_tree_map_add (map, path, i % 8);
    }
  AakHtml *html = aak_html_new ();
  aak_tree_map_write (map, html, "");
  g_autofree char *got = text_of (html);
  guint found = 0;
  for (const char *at = strstr (got, "<rect class=\"cell"); at != NULL;
       at = strstr (at + 1, "<rect class=\"cell"))
    {
      double x = 0, y = 0, w = 0, h = 0;
      const char *place = strstr (at, " x=\"");
      if (place == NULL || strchr (at, '>') < place)
        continue; /* of the legend */
      cr_assert_eq (sscanf (place, " x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &x, &y, &w,
                            &h),
                    4);
      cr_assert (x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 1000.2 && y + h <= 560.2,
                 "%g %g %g %g", x, y, w, h);
      found++;
    }
  cr_expect_gt (found, 100);
}

Test (capability_words, there_is_one_for_each)
{
  for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
    {
      g_autofree char *name = aak_capability_name (i);
      cr_expect_not_null (aak_capability_words (i), "%s", name);
    }
  cr_expect_null (aak_capability_words (AAK_REPORT_N_CAPABILITIES));
}
