/* SPDX-License-Identifier: GPL-2.0-or-later
 * The block of learned rules in a text by another hand. */
#include "learn/learned-block.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <string.h>

/* @text with @lines (one text, "\n" between them) in the profile @label. */
static char *
join (const char *text, const char *label, const char *lines, GError **error)
{
  g_autoptr (AakOutline) outline = aak_outline_new ("t", text, strlen (text), error);
  const AakOutlineProfile *profile =
      outline != NULL ? aak_outline_find (outline, label, error) : NULL;
  if (profile == NULL)
    return NULL;
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
  for (char **line = split; *line != NULL; line++)
    g_ptr_array_add (added, *line);
  AakLearnedPlace place = { "t", text, strlen (text), profile };
  gsize len = 0;
  char *joined = aak_learned_block_join (&place, added, &len, error);
  cr_expect (joined == NULL || strlen (joined) == len);
  return joined;
}

#define BEGIN "  " AAK_LEARNED_BEGIN "\n"
#define END   "  " AAK_LEARNED_END "\n"
#define REVIEW                                                                                 \
  "  # review: seen, and not allowed, since no ordinary workload needs it. --allow ID allows " \
  "those that are marked [ID].\n"

static const struct
{
  char text[600];
  char lines[200];
  char expected[900];
} cases[] = {
  /* at the end of the body, and what is there stays */
  { "# top\nprofile a {\n\t/x  r, # mine\n}\n# end", "/b r,  # 2\n/a w,  # 1",
    "# top\nprofile a {\n\t/x  r, # mine\n" BEGIN "  /a w,  # 1\n  /b r,  # 2\n" END "}\n# end" },
  { "profile a { /x r, }", "/b r,", "profile a { /x r, \n" BEGIN "  /b r,\n" END "}" },
  { "profile o {\n  profile x {}\n  profile a {\n  }\n  }\nprofile a {\n}\n", "/b r,",
    "profile o {\n  profile x {}\n  profile a {\n  }\n  }\nprofile a {\n" BEGIN "  /b r,\n" END
    "}\n" },
  /* joined into the block that is there, wherever it is; why is told once */
  { "profile a {\n" BEGIN "  /b r,  # 1 file\n" END "  /x r,\n}\n",
    "/b r,  # 9 files\n/a r,  # 1 file\n/b w,",
    "profile a {\n" BEGIN "  /a r,  # 1 file\n  /b r,  # 1 file\n  /b w,\n" END "  /x r,\n}\n" },
  /* several on a line are kept together */
  { "profile a {\n" BEGIN "  /c r, /d r,  # 1\n  /b r, /a r, /x r,# 2\n" END "}\n",
    "/c r, /d r,  # 3\n/c r,",
    "profile a {\n" BEGIN "  /b r, /a r, /x r,# 2\n  /c r,\n  /c r, /d r,  # 1\n" END "}\n" },
  /* rules, then what waits for review, then comments */
  { "profile a {\n}\n", "# no rule\n#/s r,  # why\n\"/q  # ,  # \" r,  # 1\n#/r r,  # why",
    "profile a {\n" BEGIN "  \"/q  # ,  # \" r,  # 1\n" REVIEW
    "  #/r r,  # why\n  #/s r,  # why\n  # no rule\n" END "}\n" },
  /* what waited is allowed now, is told anew, or stays */
  { "profile a {\n" BEGIN REVIEW "  #/r r,  # why; 1 run\n  #/s r,  # why\n  #/t r,  # t\n" END
    "}\n",
    "/s r,  # --allow s\n#/r r,  # why; 2 runs",
    "profile a {\n" BEGIN "  /s r,  # --allow s\n" REVIEW
    "  #/r r,  # why; 2 runs\n  #/t r,  # t\n" END "}\n" },
  /* it was allowed: it does not wait again */
  { "profile a {\n" BEGIN "  /s r,\n" END "}\n", "#/s r,  # why",
    "profile a {\n" BEGIN "  /s r,\n" END "}\n" },
};

Test (learned_block, lines_are_joined)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *joined = join (cases[i].text, "a", cases[i].lines, &error);
      cr_assert_not_null (joined, "%zu: %s", i, error != NULL ? error->message : "");
      cr_expect_str_eq (joined, cases[i].expected, "%zu", i);
      g_autofree char *again = join (joined, "a", cases[i].lines, &error);
      cr_assert_not_null (again, "%zu: %s", i, error != NULL ? error->message : "");
      cr_expect_str_eq (again, joined, "%zu", i);
    }
}

Test (learned_block, a_child_gets_a_block_of_its_own)
{
  g_autofree char *joined =
      join ("profile a {\n  profile c {\n    /x r,\n  }\n}\n", "a//c", "/b r,", NULL);
  cr_assert_str_eq (joined, "profile a {\n  profile c {\n    /x r,\n    " AAK_LEARNED_BEGIN
                            "\n    /b r,\n    " AAK_LEARNED_END "\n  }\n}\n");
}

static const struct
{
  char block[100];
  char expected[40];
} edited[] = {
  { "  /b\n r,\n", "t:3:3: a learned block has rules" },
  { "  /b r, /c\n r,\n", "t:3:9: a learned block has rules" },
  { "  /b r, ^c {}\n", "t:3:9: a learned block has rules" },
  { "  profile c {\n  }\n", "t:3:3: a learned block has rules" },
  { "  if $x { /b r, }\n", "t:3:3: a learned block has rules" },
  { "  include <b>\n", "t:3:3: a learned block has rules" },
  { "  @{b} = c \\  \n", "t:3:3: a learned block has rules" },
};

Test (learned_block, a_block_with_more_than_rules_is_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (edited); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text =
          g_strconcat ("profile a {\n", BEGIN, edited[i].block, END, "}\n", NULL);
      g_autofree char *joined = join (text, "a", "/b r,", &error);
      cr_assert_null (joined, "%s", text);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      cr_expect (g_str_has_prefix (error->message, edited[i].expected), "%s", error->message);
    }
}
