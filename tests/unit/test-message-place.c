/* SPDX-License-Identifier: GPL-2.0-or-later
 * Where a message's place is in a text, and how it is shown. */
#include "lib/compiler-message.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct
{
  const char *text;
  guint line; /* as the parser tells; 0: none */
  const char *what;
  guint out_line, column, width; /* 0: no place */
} Row;

static const Row rows[] = {
  { "profile x {\n  /b rzz,\n}\n", 2, "syntax error, unexpected TOK_ID, expecting TOK_MODE", 2, 6,
    3 },
  { "profile x {\n  owner /b rzz, # no\n}\n", 2,
    "syntax error, unexpected TOK_ID, expecting TOK_MODE", 2, 12, 3 },
  /* Of two rules it cannot be told which one it is: both. */
  { "profile x {\n  /a r, /b rzz,\n}\n", 2, "syntax error, unexpected TOK_ID, expecting TOK_MODE",
    2, 3, 13 },
  { "x\n  include <no/such>\n", 2, "Could not open 'no/such'", 2, 12, 7 },
  { "  capability foo,\n", 1, "Invalid capability foo.", 1, 14, 3 },
  /* Not the "foo" of another word. */
  { "  foot foo,\n", 1, "Invalid capability foo.", 1, 8, 3 },
  { "  $ $\n", 1, "Lexer found unexpected character: '$' (0x24) in state: INITIAL", 1, 3, 3 },
  { "\t/a r }\n", 1, "syntax error, unexpected TOK_CLOSE, expecting TOK_END_OF_RULE", 1, 7, 1 },
  { "a\n/x  # behind\n", 2, "what", 2, 1, 2 },
  { "a\n", 2, "syntax error, unexpected end of file", 2, 1, 1 },
  { "a\n", 3, "what", 0, 0, 0 },
  { "", 1, "what", 1, 1, 1 },
  { "profile x {\n  @{no}/x r,\n}\n", 0, "Found reference to variable no, but is never declared", 2,
    3, 5 },
  { "@{no} @{no}", 0, "Failed to find declaration for: @{no}", 0, 0, 0 },
  { "profile x {\n}\nprofile x {\n}\n", 0, "Multiple definitions for profile x exist,bailing out.",
    3, 9, 1 },
  { "profile x {\n  profile y {\n  }\n}\n", 0,
    "ERROR merging rules for profile x//y, failed to load", 2, 11, 1 },
  { "profile x {\n  /a px,\n}\n", 0, "profile z: has merged rule /a with conflicting x modifiers",
    2, 3, 2 },
  { "profile x {\n}\n", 0, "out of memory", 0, 0, 0 },
};

Test (message_place, rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autoptr (GBytes) text = g_bytes_new_static (row->text, strlen (row->text));
      AakPlace place = { 0 };
      gboolean found = aak_message_place (text, row->line, row->what, &place);
      cr_expect_eq (found, row->out_line > 0, "row %u", i);
      cr_expect (place.line == row->out_line && place.column == row->column
                     && place.width == row->width,
                 "row %u: %u:%u+%u", i, place.line, place.column, place.width);
    }
}

static void
expect_shown (const char *text, AakPlace place, const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *shown = aak_message_show (bytes, &place);
  cr_expect_str_eq (shown, expected);
}

Test (message_place, shown)
{
  expect_shown ("a\n\tbc d\n", (AakPlace){ 2, 2, 2 }, "   bc d\n   ^~\n");
  expect_shown ("\xc3\xa4 b\n", (AakPlace){ 1, 4, 1 }, "  \xc3\xa4 b\n    ^\n");
  expect_shown ("\x1b[31m x", (AakPlace){ 1, 7, 1 }, "  \\x1b[31m x\n           ^\n");
  expect_shown ("ab", (AakPlace){ 1, 3, 5 }, "  ab\n    ^\n");
  expect_shown ("ab", (AakPlace){ 1, 9, 1 }, "");
  expect_shown ("ab", (AakPlace){ 4, 1, 1 }, "");
  g_autofree char *line = g_strnfill (5000, 'y');
  line[4000] = 'X';
  g_autoptr (GBytes) bytes = g_bytes_new (line, 5000);
  g_autofree char *shown = aak_message_show (bytes, &(AakPlace){ 1, 4001, 1 });
  cr_expect_lt (strlen (shown), 400);
  const char *mark = strchr (shown, 'X'), *caret = strchr (shown, '^');
  cr_assert (mark != NULL && caret != NULL);
  cr_expect_eq (mark - shown, caret - strchr (shown, '\n') - 1);
}

/* Any place in any bytes is shown without reading beyond them. */
Test (message_place, random_bytes)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  static const char signs[] = "profile x{}/a ,\n\t'@{}#\x80\xff";
  for (int round = 0; round < 3000; round++)
    {
      char text[60];
      gsize len = (gsize) g_rand_int_range (random, 0, sizeof text);
      for (gsize i = 0; i < len; i++)
        text[i] = signs[g_rand_int_range (random, 0, sizeof signs - 1)];
      g_autofree char *copy = g_memdup2 (text, len); /* of that size: for the sanitizer */
      g_autoptr (GBytes) bytes = g_bytes_new_static (copy, len);
      AakPlace place = { 0 };
      guint line = (guint) g_rand_int_range (random, 0, 5);
      const char *what = rows[g_rand_int_range (random, 0, G_N_ELEMENTS (rows))].what;
      if (!aak_message_place (bytes, line, what, &place))
        continue;
      cr_assert (place.line > 0 && place.column > 0 && place.width > 0);
      g_autofree char *shown = aak_message_show (bytes, &place);
      cr_assert (g_utf8_validate (shown, -1, NULL));
    }
}

Test (message_place, messages_are_told_once_and_in_order)
{
  static const char err[] =
      "AppArmor parser error for /proc/self/fd/0 in profile /proc/self/fd/0 at line 2: Invalid "
      "capability foo.\n"
      "Found reference to variable no, but is never declared\n\n"
      "/usr/sbin/apparmor_parser: evil \033[31m\n"
      "AppArmor parser error for /proc/self/fd/0 in profile /etc/passwd at line 1: what\n"
      "Found reference to variable no, but is never declared\n";
  static const char text[] = "profile x {\n  capability foo,\n}\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GBytes) said = g_bytes_new_static (err, sizeof err - 1);
  AakMessageSource source = { .name = "dir/web", .text = bytes, .base = "/nowhere" };
  g_autoptr (GPtrArray) messages = aak_compiler_messages_parse (&source, said);
  g_autofree char *all = aak_compiler_messages_text (messages);
  cr_expect_str_eq (all, "dir/web:2:14: Invalid capability foo.\n"
                         "    capability foo,\n"
                         "               ^~~\n"
                         "dir/web: Found reference to variable no, but is never declared\n"
                         "dir/web: evil \\x1b[31m\n"
                         /* not below the base: its line is nobody's business */
                         "/etc/passwd:1:1: what");
}
