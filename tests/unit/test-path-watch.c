/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is told of paths, and what is not. */
#include "lib/tree.h"
#include "register/path-watch.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *top;

static void
begin (void)
{
  top = g_dir_make_tmp ("aakit-path-watch.XXXXXX", NULL);
  cr_assert_not_null (top);
}

static void
end (void)
{
  aak_tree_remove (top);
  g_free (top);
}

TestSuite (path_watch, .init = begin, .fini = end);

static char *
at (const char *name)
{
  return g_build_filename (top, name, NULL);
}

static void
make (const char *name)
{
  g_autofree char *path = at (name);
  g_autofree char *dir = g_path_get_dirname (path);
  g_mkdir_with_parents (dir, 0755);
  cr_assert (g_file_set_contents (path, "x", 1, NULL));
}

static void
link_to (const char *target, const char *name)
{
  g_autofree char *path = at (name);
  cr_assert_eq (symlink (target, path), 0);
}

static void
move (const char *from, const char *to)
{
  g_autofree char *old = at (from);
  g_autofree char *new = at (to);
  cr_assert_eq (g_rename (old, new), 0);
}

static AakPathWatch *
watch_path (const char *name)
{
  g_autofree char *path = at (name);
  AakPathWatch *watch = aak_path_watch_new ((const char *const[]){ path, NULL }, NULL);
  cr_assert_not_null (watch);
  cr_assert (aak_path_watch_renew (watch, NULL));
  cr_assert_not (aak_path_watch_take (watch));
  return watch;
}

Test (path_watch, what_is_below_a_path_counts)
{
  make ("dir/file");
  make ("dir/sub/file");
  g_autoptr (AakPathWatch) watch = watch_path ("dir");
  make ("dir/file");
  cr_assert (aak_path_watch_take (watch));
  make ("dir/sub/new");
  cr_assert (aak_path_watch_take (watch));
  cr_assert_not (aak_path_watch_take (watch));
}

Test (path_watch, what_is_beside_it_does_not)
{
  make ("dir/file");
  g_autoptr (AakPathWatch) watch = watch_path ("dir/file");
  make ("dir/other");
  make ("another/dir");
  cr_assert_not (aak_path_watch_take (watch));
  make ("dir/file");
  cr_assert (aak_path_watch_take (watch));
}

Test (path_watch, every_link_on_the_way_counts)
{
  make ("one/deep/file");
  make ("two/deep/file");
  link_to ("one", "current");
  link_to ("current/deep", "path");
  g_autoptr (AakPathWatch) watch = watch_path ("path");
  link_to ("two", "next");
  cr_assert_not (aak_path_watch_take (watch));
  move ("next", "current");
  cr_assert (aak_path_watch_take (watch));
  cr_assert (aak_path_watch_renew (watch, NULL));
  make ("one/deep/file");
  cr_assert_not (aak_path_watch_take (watch));
  make ("two/deep/file");
  cr_assert (aak_path_watch_take (watch));
}

Test (path_watch, every_directory_on_the_way_counts)
{
  make ("a/b/c/file");
  g_autoptr (AakPathWatch) watch = watch_path ("a/b/c/../c/file");
  move ("a", "z");
  cr_assert (aak_path_watch_take (watch));
  cr_assert (aak_path_watch_renew (watch, NULL));
  cr_assert_not (aak_path_watch_take (watch));
  make ("a/b/c/file");
  cr_assert (aak_path_watch_take (watch));
}

Test (path_watch, links_in_a_circle_come_to_an_end)
{
  link_to ("two", "one");
  link_to ("one", "two");
  g_autoptr (AakPathWatch) watch = watch_path ("one/file");
  move ("two", "three");
  cr_assert (aak_path_watch_take (watch));
}

Test (path_watch, it_is_renewed_ever_so_often_with_one_descriptor)
{
  make ("dir/file");
  g_autoptr (AakPathWatch) watch = watch_path ("dir");
  int fd = aak_path_watch_fd (watch);
  for (int i = 0; i < 1000; i++)
    {
      move ("dir", "old");
      make ("dir/file");
      cr_assert (aak_path_watch_renew (watch, NULL));
      cr_assert_not (aak_path_watch_take (watch));
      g_autofree char *old = at ("old");
      aak_tree_remove (old);
      cr_assert_not (aak_path_watch_take (watch));
    }
  cr_assert_eq (aak_path_watch_fd (watch), fd);
}
