/* SPDX-License-Identifier: GPL-2.0-or-later
 * A reader of HTML that knows what a report may consist of, and nothing else. */
#include "tests/fuzz/html-check.h"

#include <string.h>

static const char *const elements[] = {
  "a",       "article", "body",    "br",     "button", "caption", "code",    "dd",
  "details", "div",     "dl",      "dt",     "footer", "g",       "h1",      "h2",
  "h3",      "h4",      "head",    "header", "html",   "input",   "li",      "main",
  "meta",    "nav",     "p",       "path",   "rect",   "script",  "section", "span",
  "strong",  "style",   "summary", "svg",    "table",  "tbody",   "td",      "text",
  "th",      "thead",   "title",   "tr",     "ul",     NULL,
};
static const char *const voids[] = { "br", "input", "meta", NULL };
static const char *const attributes[] = {
  "aria-hidden", "aria-label", "aria-labelledby",
  "charset",     "class",      "content",
  "d",           "data-name",  "data-part",
  "height",      "href",       "http-equiv",
  "id",          "lang",       "name",
  "open",        "role",       "rx",
  "scope",       "tabindex",   "type",
  "viewBox",     "width",      "x",
  "y",           NULL,
};
static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", NULL };
static const char entity_of[] = "&<>\"'";

typedef struct
{
  const char *begin, *at;
  FuzzPage *page;
  GPtrArray *open; /* char* */
  gboolean rule;   /* within the row of a rule, before its first cell ended */
  GString *cell;   /* the text of that; NULL: not within it */
  char *why;
} Reader;

static gboolean
fail (Reader *reader, const char *why)
{
  if (reader->why == NULL)
    reader->why = g_strdup_printf ("%s near byte %" G_GSIZE_FORMAT, why,
                                   (gsize) (reader->at - reader->begin));
  return FALSE;
}

/* One character of text, escaped or not, is appended to @out. */
static gboolean
read_character (Reader *reader, GString *out)
{
  if (*reader->at == '&')
    {
      for (guint i = 0; entities[i] != NULL; i++)
        if (g_str_has_prefix (reader->at, entities[i]))
          {
            g_string_append_c (out, entity_of[i]);
            reader->at += strlen (entities[i]);
            return TRUE;
          }
      return fail (reader, "a bare &");
    }
  gunichar c = g_utf8_get_char_validated (reader->at, -1);
  if (c == (gunichar) -1 || c == (gunichar) -2 || (c != '\n' && !g_unichar_isprint (c)))
    return fail (reader, "a character that is not printable");
  if (c == '<' || c == '>' || c == '"' || c == '\'')
    return fail (reader, "a bare < > \" or '");
  g_string_append_unichar (out, c);
  reader->at = g_utf8_next_char (reader->at);
  return TRUE;
}

static char *
read_name (Reader *reader, const char *allowed)
{
  gsize len = strspn (reader->at, allowed);
  char *name = g_strndup (reader->at, len);
  reader->at += len;
  return name;
}

/* NAME="VALUE", behind a blank. */
static gboolean
read_attribute (Reader *reader, char **out_name, char **out_value)
{
  reader->at++;
  g_autofree char *name = read_name (reader, "abcdefghijklmnopqrstuvwxyzB-");
  g_autoptr (GString) value = g_string_new (NULL);
  if (!g_strv_contains (attributes, name))
    return fail (reader, "an attribute that no report has");
  if (!g_str_has_prefix (reader->at, "=\""))
    return fail (reader, "an attribute without quotes");
  for (reader->at += 2; *reader->at != '"';)
    if (!read_character (reader, value))
      return FALSE;
  reader->at++;
  if (strcmp (name, "href") == 0 && value->str[0] != '#')
    return fail (reader, "a link out of the page");
  *out_name = g_steal_pointer (&name);
  *out_value = g_strdup (value->str);
  return TRUE;
}

/* The content of an element whose text is not markup, and its end. */
static gboolean
read_raw (Reader *reader, const char *name, gboolean data)
{
  g_autofree char *end = g_strdup_printf ("</%s>", name);
  const char *found = strstr (reader->at, end);
  if (found == NULL)
    return fail (reader, "no end");
  g_autofree char *content = g_strndup (reader->at, (gsize) (found - reader->at));
  if (data && strpbrk (content, "<>&") != NULL)
    return fail (reader, "markup in data");
  if (data)
    {
      g_free (reader->page->json);
      reader->page->json = g_steal_pointer (&content);
    }
  reader->page->data += data;
  reader->page->styles += strcmp (name, "style") == 0;
  reader->page->scripts += !data && strcmp (name, "script") == 0;
  reader->at = found + strlen (end);
  return TRUE;
}

static void
enter (Reader *reader, const char *name, const char *id)
{
  g_ptr_array_add (reader->open, g_strdup (name));
  if (strcmp (name, "tr") == 0)
    reader->rule = id != NULL && g_regex_match_simple ("^p[0-9]+-r[0-9]+$", id, 0, 0);
  if (strcmp (name, "th") == 0 && reader->rule)
    reader->cell = g_string_new (NULL);
}

static gboolean
leave (Reader *reader, const char *name)
{
  guint n = reader->open->len;
  if (n == 0 || strcmp (reader->open->pdata[n - 1], name) != 0)
    return fail (reader, "an end that nothing began");
  g_ptr_array_set_size (reader->open, (gint) n - 1);
  if (strcmp (name, "th") == 0 && reader->cell != NULL)
    {
      g_ptr_array_add (reader->page->rules, g_string_free (g_steal_pointer (&reader->cell), FALSE));
      reader->rule = FALSE;
    }
  return TRUE;
}

static gboolean
read_element (Reader *reader)
{
  gboolean ends = reader->at[1] == '/';
  reader->at += ends ? 2 : 1;
  g_autofree char *name = read_name (reader, "abcdefghijklmnopqrstuvwxyz0123456789");
  g_autofree char *id = NULL;
  gboolean data = FALSE;
  if (!g_strv_contains (elements, name))
    return fail (reader, "an element that no report has");
  while (!ends && *reader->at == ' ')
    {
      g_autofree char *attribute = NULL, *value = NULL;
      if (!read_attribute (reader, &attribute, &value))
        return FALSE;
      if (strcmp (attribute, "id") == 0)
        id = g_steal_pointer (&value);
      else if (strcmp (attribute, "type") == 0)
        data = strcmp (value, "application/json") == 0;
    }
  if (*reader->at != '>')
    return fail (reader, "an element without an end");
  reader->at++;
  if (ends)
    return leave (reader, name);
  if (strcmp (name, "style") == 0 || strcmp (name, "script") == 0)
    return read_raw (reader, name, data);
  if (!g_strv_contains (voids, name))
    enter (reader, name, id);
  return TRUE;
}

void
fuzz_page_clear (FuzzPage *page)
{
  g_clear_pointer (&page->rules, g_ptr_array_unref);
  g_clear_pointer (&page->json, g_free);
}

char *
fuzz_read_page (const char *text, gsize len, FuzzPage *out)
{
  static const char first[] = "<!DOCTYPE html>\n";
  g_autofree char *copy = g_strndup (text, len);
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) ignored = g_string_new (NULL);
  *out = (FuzzPage){ .rules = g_ptr_array_new_with_free_func (g_free) };
  Reader reader = { .begin = copy, .at = copy, .page = out, .open = open };
  if (strlen (copy) != len || !g_str_has_prefix (copy, first))
    fail (&reader, "no HTML");
  else
    reader.at += strlen (first);
  while (reader.why == NULL && *reader.at != '\0')
    {
      g_string_truncate (ignored, 0);
      if (*reader.at == '<')
        read_element (&reader);
      else
        read_character (&reader, reader.cell != NULL ? reader.cell : ignored);
    }
  if (open->len > 0)
    fail (&reader, "an element that does not end");
  if (reader.cell != NULL)
    g_string_free (reader.cell, TRUE);
  return reader.why;
}
