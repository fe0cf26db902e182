/* SPDX-License-Identifier: LGPL-2.1-or-later
 * HTML as it must be for hostile texts: every byte goes through one place that escapes. */
#include "config.h"

#include "lib/report/html.h"

#include "lib/escape.h"
#include "lib/sha256.h"
#include "lib/table.h"

#include <stdarg.h>
#include <string.h>

struct AakHtml
{
  GString *out;
  GPtrArray *open; /* const char *: the elements that are begun */
  gboolean in_tag; /* the last one can still be given attributes */
};

AakHtml *
aak_html_new (void)
{
  AakHtml *html = g_new0 (AakHtml, 1);
  html->out = g_string_new ("<!DOCTYPE html>\n");
  html->open = g_ptr_array_new ();
  return html;
}

void
aak_html_free (AakHtml *html)
{
  if (html->out != NULL)
    g_string_free (html->out, TRUE);
  g_ptr_array_unref (html->open);
  g_free (html);
}

GBytes *
aak_html_take (AakHtml *html)
{
  g_assert (html->open->len == 0 && !html->in_tag);
  g_string_append_c (html->out, '\n');
  GBytes *bytes = g_string_free_to_bytes (g_steal_pointer (&html->out));
  aak_html_free (html);
  return bytes;
}

/* --- text ------------------------------------------------------------------------------------ */

static void
put_plain (GString *out, gunichar c)
{
  switch (c)
    {
    case '&':
      g_string_append (out, "&amp;");
      return;
    case '<':
      g_string_append (out, "&lt;");
      return;
    case '>':
      g_string_append (out, "&gt;");
      return;
    case '"':
      g_string_append (out, "&quot;");
      return;
    case '\'':
      g_string_append (out, "&#39;");
      return;
    default:
      g_string_append_unichar (out, c);
    }
}

/* The only place where text gets into a page. */
static void
put_text (GString *out, const char *text)
{
  while (*text != '\0')
    {
      gsize plain = strcspn (text, "&<>\"'");
      gsize ascii = 0;
      while (ascii < plain && text[ascii] >= ' ' && text[ascii] <= '~')
        ascii++;
      g_string_append_len (out, text, (gssize) ascii);
      text += ascii;
      if (*text == '\0')
        return;
      gunichar c = g_utf8_get_char_validated (text, -1);
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2;
      gsize width = valid ? (gsize) g_unichar_to_utf8 (c, NULL) : 1;
      if (valid && c != 0xfeff && g_unichar_isprint (c))
        put_plain (out, c);
      else
        for (gsize i = 0; i < width; i++)
          g_string_append_printf (out, "\\x%02x", (guchar) text[i]);
      text += width;
    }
}

/* --- elements -------------------------------------------------------------------------------- */

static void
close_tag (AakHtml *html)
{
  if (html->in_tag)
    g_string_append_c (html->out, '>');
  html->in_tag = FALSE;
}

static gboolean
is_name (const char *name, const char *others)
{
  gsize len = strlen (name);
  g_autofree char *allowed = g_strconcat ("abcdefghijklmnopqrstuvwxyz", others, NULL);
  return len > 0 && strspn (name, allowed) == len;
}

void
aak_html_begin (AakHtml *html, const char *name)
{
  g_assert (is_name (name, "0123456789"));
  g_assert (strcmp (name, "noscript") != 0
            || !g_ptr_array_find_with_equal_func (html->open, name, g_str_equal, NULL));
  close_tag (html);
  g_string_append_printf (html->out, "<%s", name);
  g_ptr_array_add (html->open, (gpointer) name);
  html->in_tag = TRUE;
}

void
aak_html_attribute (AakHtml *html, const char *name, const char *value)
{
  g_assert (html->in_tag && (strcmp (name, "viewBox") == 0 || is_name (name, "0123456789-"))
            && !g_str_has_prefix (name, "on") && strcmp (name, "style") != 0);
  g_string_append_printf (html->out, " %s=\"", name);
  put_text (html->out, value);
  g_string_append_c (html->out, '"');
}

void
aak_html_number (AakHtml *html, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (text, sizeof text, "%.1f", value);
  if (g_str_has_suffix (text, ".0"))
    text[strlen (text) - 2] = '\0';
  aak_html_attribute (html, name, text);
}

void
aak_html_attributef (AakHtml *html, const char *name, const char *format, ...)
{
  va_list list;
  va_start (list, format);
  g_autofree char *value = g_strdup_vprintf (format, list);
  va_end (list);
  aak_html_attribute (html, name, value);
}

void
aak_html_end (AakHtml *html)
{
  static const char *const lines[] = { "div", "li", "p",       "section", "table", "tr",    "ul",
                                       "svg", "g",  "summary", "nav",     "head",  "title", NULL };
  g_assert (html->open->len > 0);
  close_tag (html);
  const char *name = g_ptr_array_steal_index (html->open, html->open->len - 1);
  g_string_append_printf (html->out, "</%s>%s", name, g_strv_contains (lines, name) ? "\n" : "");
}

void
aak_html_void (AakHtml *html, const char *name)
{
  static const char *const names[] = { "meta", "link", "input", "br", "col", NULL };
  g_assert (g_strv_contains (names, name));
  close_tag (html);
  g_string_append_printf (html->out, "<%s", name);
  html->in_tag = TRUE;
}

void
aak_html_text (AakHtml *html, const char *text)
{
  close_tag (html);
  put_text (html->out, text);
}

void
aak_html_textf (AakHtml *html, const char *format, ...)
{
  va_list list;
  va_start (list, format);
  g_autofree char *text = g_strdup_vprintf (format, list);
  va_end (list);
  aak_html_text (html, text);
}

void
aak_html_bytes (AakHtml *html, const char *bytes)
{
  g_autofree char *text = aak_escape (bytes, strlen (bytes));
  aak_html_text (html, text);
}

void
aak_html_element (AakHtml *html, const char *name, const char *class, const char *text)
{
  aak_html_begin (html, name);
  if (class != NULL)
    aak_html_attribute (html, "class", class);
  aak_html_text (html, text);
  aak_html_end (html);
}

void
aak_html_element_bytes (AakHtml *html, const char *name, const char *class, const char *bytes)
{
  g_autofree char *text = aak_escape (bytes, strlen (bytes));
  aak_html_element (html, name, class, text);
}

/* --- data, and files of our own -------------------------------------------------------------- */

void
aak_html_data (AakHtml *html, const char *id, const AakJson *json)
{
  aak_html_begin (html, "script");
  aak_html_attribute (html, "type", "application/json");
  aak_html_attribute (html, "id", id);
  close_tag (html);
  /* Outside of strings JSON has none of these. */
  for (const char *p = aak_json_text (json); *p != '\0'; p++)
    if (strchr ("<>&", *p) != NULL)
      g_string_append_printf (html->out, "\\u%04x", (guint) *p);
    else
      g_string_append_c (html->out, *p);
  aak_html_end (html);
}

void
aak_html_own_file (AakHtml *html, const char *element, const char *name)
{
  gsize len = 0;
  g_autoptr (GBytes) file = aak_table_text (name);
  const char *text = g_bytes_get_data (file, &len);
  g_assert (g_strstr_len (text, (gssize) len, "</") == NULL);
  g_assert (strcmp (element, "style") == 0 || strcmp (element, "script") == 0);
  aak_html_begin (html, element);
  close_tag (html);
  g_string_append_len (html->out, text, (gssize) len);
  aak_html_end (html);
}

char *
aak_html_own_file_hash (const char *name)
{
  g_autoptr (GBytes) file = aak_table_text (name);
  g_autofree char *hex = aak_sha256_of (file);
  guint8 digest[AAK_SHA256_HEX_LEN / 2];
  for (guint i = 0; i < sizeof digest; i++)
    digest[i] =
        (guint8) (g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]));
  g_autofree char *encoded = g_base64_encode (digest, sizeof digest);
  return g_strdup_printf ("'sha256-%s'", encoded);
}
