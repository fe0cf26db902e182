/* SPDX-License-Identifier: GPL-2.0-or-later
 * Removing trees. */
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
make_in (const char *dir, const char *name)
{
  char *path = g_build_filename (dir, name, NULL);
  cr_assert (g_mkdir (path, 0755) == 0, "%s", path);
  return path;
}

static void
put (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  cr_assert (g_file_set_contents (path, "x", 1, NULL));
}

Test (tree, what_is_below_goes_and_what_links_lead_to_stays)
{
  g_autofree char *top = g_dir_make_tmp ("aakit-XXXXXX", NULL);
  g_autofree char *outside = make_in (top, "outside");
  g_autofree char *tree = make_in (top, "tree");
  g_autofree char *sub = make_in (tree, "sub");
  g_autofree char *deeper = make_in (sub, "deeper");
  g_autofree char *link_to_dir = g_build_filename (sub, "link", NULL);
  g_autofree char *dangling = g_build_filename (sub, "dangling", NULL);
  g_autofree char *pipe = g_build_filename (deeper, "pipe", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);
  put (outside, "kept");
  put (tree, ".dot");
  put (deeper, "file");
  cr_assert (symlink (outside, link_to_dir) == 0);
  cr_assert (symlink ("nowhere", dangling) == 0);
  cr_assert (mkfifo (pipe, 0600) == 0);
  aak_tree_remove (tree);
  cr_expect (!g_file_test (tree, G_FILE_TEST_EXISTS));
  cr_expect (g_file_test (kept, G_FILE_TEST_EXISTS));
  aak_tree_remove (tree); /* that is no error */
  aak_tree_remove (top);
  cr_expect (!g_file_test (top, G_FILE_TEST_EXISTS));
}

Test (tree, a_link_or_a_file_is_removed_itself)
{
  g_autofree char *top = g_dir_make_tmp ("aakit-XXXXXX", NULL);
  g_autofree char *outside = make_in (top, "outside");
  g_autofree char *link_to_dir = g_build_filename (top, "link", NULL);
  cr_assert (symlink (outside, link_to_dir) == 0);
  aak_tree_remove (link_to_dir);
  cr_expect (!g_file_test (link_to_dir, G_FILE_TEST_IS_SYMLINK));
  cr_expect (g_file_test (outside, G_FILE_TEST_IS_DIR));
  aak_tree_remove (top);
}

/* Deeper than anything of ours: it ends, and what is too deep stays. */
Test (tree, depth_is_bounded)
{
  g_autofree char *top = g_dir_make_tmp ("aakit-XXXXXX", NULL);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (made, make_in (top, "d"));
  for (int i = 0; i < 200; i++)
    g_ptr_array_add (made, make_in (made->pdata[i], "d"));
  put (top, "file");
  aak_tree_remove (top);
  g_autofree char *file = g_build_filename (top, "file", NULL);
  cr_expect (!g_file_test (file, G_FILE_TEST_EXISTS));
  cr_expect (g_file_test (made->pdata[200], G_FILE_TEST_IS_DIR));
  for (guint i = made->len; i > 0; i--)
    g_rmdir (made->pdata[i - 1]);
  cr_expect (g_rmdir (top) == 0);
}
