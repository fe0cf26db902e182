/* SPDX-License-Identifier: GPL-2.0-or-later
 * The digest over what a text includes changes with each file that it draws in, and only then. */
#include "lib/include-closure.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static char *base;

static void
put (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (base, name, NULL);
  cr_assert (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (void)
{
  base = g_dir_make_tmp ("aakit-includes.XXXXXX", NULL);
  cr_assert_not_null (base);
  put ("a", "/a r,\n");
  put ("b", "include <c>\n");
  put ("c", "/c r,\n");
}

static void
tear_down (void)
{
  aak_tree_remove (base);
  g_free (base);
}

TestSuite (include_closure, .init = set_up, .fini = tear_down);

/* The digest of @text, from new. NULL where it cannot be told. */
static char *
digest (const char *text)
{
  g_autoptr (AakIncludes) includes = aak_includes_new (base);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return aak_includes_digest (includes, bytes);
}

/* TRUE where the digest of @text is another one once the file @name is. */
static gboolean
depends_on (const char *text, const char *name)
{
  g_autofree char *before = digest (text);
  g_autofree char *path = g_build_filename (base, name, NULL);
  g_autofree char *content = NULL;
  if (!g_file_get_contents (path, &content, NULL, NULL))
    content = NULL;
  put (name, "/other r,\n");
  g_autofree char *after = digest (text);
  if (content != NULL)
    put (name, content);
  else
    cr_assert_eq (g_remove (path), 0);
  cr_assert_not_null (before, "%s", text);
  return g_strcmp0 (before, after) != 0;
}

Test (include_closure, forms)
{
  static const struct
  {
    const char *text, *file;
    gboolean depends;
  } rows[] = {
    { "include <a>", "a", TRUE },
    { "include <a>\n", "c", FALSE },
    { "/x r,\n#include <a>\n", "a", TRUE },
    { "  #include <a>\n", "a", TRUE },
    { "include if exists <a>\n", "a", TRUE },
    { "include if exists <none>\n", "none", TRUE },
    { "include <b>\n", "c", TRUE },
    { "include <a> include <b>\n", "c", TRUE },
    { "# include <a>\n", "a", FALSE },
    { "# include <a> include <b>\ninclude <c>\n", "c", TRUE },
    { "/x r, # include <a>\n", "a", TRUE },
    { "abi <a>,\n", "a", TRUE },
    { "profile x { include <a> }", "a", TRUE },
    { "/srv/include/x r,\n/lib/abi-1 r,\n", "a", FALSE },
    { "", "a", FALSE },
    { "i", "a", FALSE },
    { "inclu", "a", FALSE },
    { "ab", "a", FALSE },
    { "uuuuuuuuubbbbbb", "a", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    cr_expect_eq (depends_on (rows[i].text, rows[i].file), rows[i].depends, "row %u: %s", i,
                  rows[i].text);
}

/* Those need the parser to tell. */
Test (include_closure, what_reading_cannot_tell)
{
  static const char *const rows[] = {
    "include",        "include ",         "abi",
    "include <a\n>",  "include \"a\"\n",  "include \"/x/@{y}\"\n",
    "include <x*>\n", "include if <a>\n", "include a\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *told = digest (rows[i]);
      cr_expect_null (told, "row %u", i);
    }
}

/* A line of megabytes is read once, not once for each word in it. */
Test (include_closure, long_lines, .timeout = 60)
{
  static const char *const words[] = { "include <a> ", "# include " };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GString) text = g_string_new (words[i]);
      while (text->len < (4 << 20))
        g_string_append (text, words[i] + (i == 1 ? 2 : 0));
      g_autofree char *told = digest (text->str);
      cr_expect_not_null (told);
    }
}
