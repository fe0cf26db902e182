/* SPDX-License-Identifier: GPL-2.0-or-later
 * Escaping is readable, reversible and safe on a terminal. */
#include "lib/escape.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct
{
  const char *bytes;
  gsize len;
  const char *text;
} cases[] = {
  { "/etc/passwd", 11, "/etc/passwd" },
  { "/tmp/a b", 8, "/tmp/a b" },
  { "a\nb", 3, "a\\x0ab" },
  { "\x1b[31m", 5, "\\x1b[31m" },
  { "back\\slash", 10, "back\\x5cslash" },
  { "\xc3\xbc", 2, "\xc3\xbc" },
  { "\xff\xfe", 2, "\\xff\\xfe" },
  { "a\0b", 3, "a\\x00b" },
  { "\xe2\x80\xae", 3, "\\xe2\\x80\\xae" }, /* right-to-left override */
  { "", 0, "" },
};

Test (escape, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = aak_escape (cases[i].bytes, cases[i].len);
      cr_expect_str_eq (text, cases[i].text);
    }
}

Test (escape, every_byte_string_comes_back)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (int round = 0; round < 20000; round++)
    {
      char bytes[12];
      gsize len = (gsize) g_rand_int_range (rand, 0, sizeof bytes);
      for (gsize i = 0; i < len; i++)
        bytes[i] = (char) g_rand_int_range (rand, 0, 256);
      g_autofree char *text = aak_escape (bytes, len);
      cr_assert (g_utf8_validate (text, -1, NULL));
      gsize back_len = 0;
      g_autofree char *back = aak_unescape (text, &back_len);
      cr_assert (back != NULL && back_len == len && memcmp (back, bytes, len) == 0);
    }
}

Test (escape, refuses_what_it_did_not_write)
{
  cr_expect_null (aak_unescape ("\\n", NULL));
  cr_expect_null (aak_unescape ("\\x4", NULL));
  cr_expect_null (aak_unescape ("end\\", NULL));
}
