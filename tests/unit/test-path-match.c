/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which paths a rule's pattern matches. */
#include "learn/path-match.h"
#include "learn/path-pattern.h"
#include "learn/path-widen.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct
{
  const char *pattern;
  const char *path;
  gboolean matches;
} rows[] = {
  { "/etc/hosts", "/etc/hosts", TRUE },
  { "/etc/hosts", "/etc/hosts2", FALSE },
  { "/etc/hosts", "/etc/host", FALSE },
  { "/etc/hosts", "/etc/hosts\n", FALSE },
  { "/a.c", "/abc", FALSE },
  { "/a?c", "/abc", TRUE },
  { "/a?c", "/a/c", FALSE },
  { "/lib/libz.so.[0-9]*", "/lib/libz.so.1.2", TRUE },
  { "/lib/libz.so.[0-9]*", "/lib/libz.so.x", FALSE },
  { "/lib/libz.so.[0-9]*", "/lib/libz.so.1/x", FALSE },
  { "/www/**.html", "/www/a/b.html", TRUE },
  { "/www/**.html", "/www/a/b.htm", FALSE },
  { "/www/*", "/www/", FALSE },
  { "/www/*", "/www/a", TRUE },
  { "/www/*/x", "/www//x", FALSE },
  { "/www/**", "/www/", FALSE },
  { "/www/**", "/www/a/b/c\n", TRUE },
  { "/proc/@{pid}/stat", "/proc/1234567/stat", TRUE },
  { "/proc/@{pid}/stat", "/proc/0/stat", FALSE },
  { "/proc/@{pid}/stat", "/proc/self/stat", FALSE },
  { "/proc/@{pid}/task/@{tid}/comm", "/proc/1/task/22/comm", TRUE },
  { "/jobs/@{uuid}/in", "/jobs/123e4567-e89b-12d3-a456-426614174000/in", TRUE },
  { "/@{nothing}/x", "/@{nothing}/x", FALSE },
  { "/{a,b{c,d}}/x", "/bd/x", TRUE },
  { "/{a,b{c,d}}/x", "/b/x", FALSE },
  { "/a,b", "/a,b", TRUE },
  { "/a}b", "/a}b", TRUE },
  { "/{a", "/a", FALSE },
  { "/[a", "/[a", FALSE },
  { "/a\\", "/a\\", FALSE },
  { "/q\\042\\*\\377", "/q\"*\377", TRUE },
  { "/q\\*", "/qx", FALSE },
  { "/[^a]", "/b", TRUE },
  { "/[^a]", "/a", FALSE },
};

Test (path_match, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    cr_expect_eq (aak_path_match (rows[i].pattern, rows[i].path), rows[i].matches, "%s and %s",
                  rows[i].pattern, rows[i].path);
}

/* Whatever a path is made of, its own patterns match it, and the literal one nothing else. */
Test (path_match, every_path_matches_its_own_patterns)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GHashTable) created = g_hash_table_new (g_str_hash, g_str_equal);
  for (int round = 0; round < 20000; round++)
    {
      char path[16] = "/";
      gsize len = (gsize) g_rand_int_range (rand, 1, 15);
      for (gsize k = 1; k <= len; k++)
        path[k] = (char) (round % 2 ? g_rand_int_range (rand, 1, 256)
                                    : "/{}[]*?\\\"@^,# \n-07a"[g_rand_int_range (rand, 0, 20)]);
      g_hash_table_remove_all (created);
      g_hash_table_add (created, path);
      const char *pass;
      g_autoptr (AakVolumes) volumes = aak_volumes_new ();
      AakOwnPaths own = { created, volumes, NULL };
      g_autoptr (AakPathWiden) widen = aak_path_widen_new (path, &own, round % 3 == 0);
      g_autofree char *widened = aak_path_widen_pattern (widen, G_MAXUINT, &pass);
      cr_assert (aak_path_match (widened, path), "%s", widened);
      g_autoptr (GString) literal = g_string_new (NULL);
      aak_path_pattern_append_literal (literal, path, strlen (path));
      cr_assert (aak_path_match (literal->str, path), "%s", literal->str);
      path[g_rand_int_range (rand, 1, (gint32) len + 1)] ^= 1;
      cr_assert (*path != '/' || strlen (path) < len || !aak_path_match (literal->str, path));
    }
}

/* A pattern of anything is read without harm. */
Test (path_match, any_pattern)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  for (int round = 0; round < 20000; round++)
    {
      char pattern[24] = { 0 };
      gsize len = (gsize) g_rand_int_range (rand, 0, 23);
      for (gsize k = 0; k < len; k++)
        pattern[k] = "/{}[]*?\\@,a1pid"[g_rand_int_range (rand, 0, 15)];
      aak_path_match (pattern, "/a/1/pid,a");
    }
}
