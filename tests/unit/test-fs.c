/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writes are whole or not at all; reads are bounded and refuse what is no file. */
#include "lib/error.h"
#include "lib/fs-batch.h"
#include "lib/fs.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
make_temp_dir (void)
{
  return g_dir_make_tmp ("aakit-fs-XXXXXX", NULL);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

Test (fs, path_below_root)
{
  g_autofree char *host = aak_fs_path ("/", "/etc/x"), *image = aak_fs_path ("/img", "/etc/x");
  cr_expect_str_eq (host, "/etc/x");
  cr_expect_str_eq (image, "/img/etc/x");
}

Test (fs, write_replaces_a_symlink_and_sets_the_mode)
{
  g_autofree char *dir = make_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "out", NULL),
                  *target = g_build_filename (dir, "target", NULL);
  g_autoptr (GError) error = NULL;
  cr_assert (g_file_set_contents (target, "untouched", -1, NULL));
  cr_assert (symlink ("target", path) == 0);
  cr_assert (aak_fs_write (path, "new\n", 4, 0640, &error), "%s", error ? error->message : "");
  struct stat st;
  cr_assert (lstat (path, &st) == 0);
  cr_expect (S_ISREG (st.st_mode));
  cr_expect_eq (st.st_mode & 07777, 0640);
  g_autofree char *old = aak_fs_read_text (target, 100, &error),
                  *text = aak_fs_read_text (path, 100, &error);
  cr_expect_str_eq (old, "untouched");
  cr_expect_str_eq (text, "new");
  g_unlink (path);
  g_unlink (target);
  g_rmdir (dir);
}

Test (fs, a_full_disk_leaves_the_old_file_and_nothing_else)
{
  g_autofree char *dir = make_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "out", NULL);
  g_autoptr (GError) error = NULL;
  cr_assert (aak_fs_write (path, "old", 3, 0644, &error));
  signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit = { 1000, 1000 };
  cr_assert (setrlimit (RLIMIT_FSIZE, &limit) == 0);
  g_autofree char *big = g_strnfill (100000, 'x');
  cr_expect_not (aak_fs_write (path, big, 100000, 0644, &error));
  cr_assert_not_null (error);
  cr_expect_not_null (strstr (error->message, path));
  g_autofree char *text = aak_fs_read_text (path, 100, NULL);
  cr_expect_str_eq (text, "old");
  cr_expect_eq (count_entries (dir), 1);
  g_unlink (path);
  g_rmdir (dir);
}

/* Of any size around those that are read at once, from a file and from standard input. */
Test (fs, reads_are_whole)
{
  static const gsize sizes[] = { 0, 1, 4096, 65535, 65536, 65537, 131072, 200000 };
  g_autofree char *dir = make_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "f", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = g_strnfill (sizes[i], 'x');
      cr_assert (g_file_set_contents (path, text, (gssize) sizes[i], NULL));
      for (gsize max = MAX (sizes[i], 1); max <= sizes[i] + 1; max++)
        {
          g_autoptr (GBytes) file = aak_fs_read (path, max, NULL);
          cr_assert_not_null (file);
          cr_expect_eq (g_bytes_get_size (file), sizes[i]);
        }
      cr_assert_not_null (freopen (path, "r", stdin));
      g_autoptr (GBytes) input = aak_fs_read_stdin (1 << 20, NULL);
      cr_assert_not_null (input);
      cr_expect_eq (g_bytes_get_size (input), sizes[i]);
    }
  g_unlink (path);
  g_rmdir (dir);
}

Test (fs, reads_are_bounded)
{
  g_autofree char *dir = make_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "f", NULL),
                  *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr (GError) error = NULL;
  cr_assert (g_file_set_contents (path, "0123456789", -1, NULL));
  cr_expect_null (aak_fs_read (path, 9, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_TOO_LARGE));
  g_clear_error (&error);
  cr_expect_null (aak_fs_read (dir, 9, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
  g_clear_error (&error);
  cr_assert (mkfifo (fifo, 0600) == 0);
  cr_expect_null (aak_fs_read (fifo, 9, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
  g_clear_error (&error);
  g_autoptr (GBytes) proc = aak_fs_read ("/proc/self/status", 65536, &error);
  cr_expect (proc != NULL && g_bytes_get_size (proc) > 100);
  g_unlink (path);
  g_unlink (fifo);
  g_rmdir (dir);
}

Test (fs, names_of_a_directory)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("aakit-fs-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, ".hidden", NULL);
  cr_assert (aak_fs_write (file, "x", 1, 0644, NULL));
  g_autoptr (GPtrArray) names = aak_fs_names (dir, &error);
  cr_assert_not_null (names);
  cr_assert_eq (names->len, 1);
  cr_expect_str_eq (names->pdata[0], ".hidden");
  cr_expect_null (aak_fs_names (file, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_IO));
  g_clear_error (&error);
  g_unlink (file);
  g_rmdir (dir);
  cr_expect_null (aak_fs_names (dir, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}

Test (fs, what_killed_writers_left_is_swept)
{
  static const char *const files[] = { "web",           ".web.0123abcd", ".web.0123abc",
                                       ".web.0123ABCD", ".db.0123abcd",  "web.0123abcd",
                                       ".0123abcd",     "..0123abcd" };
  g_autofree char *dir = g_dir_make_tmp ("aakit-fs-XXXXXX", NULL);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_add (names, (char *) "web");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (dir, files[i], NULL);
      cr_assert (g_file_set_contents (path, "x", 1, NULL));
    }
  aak_fs_sweep (dir, names);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (dir, files[i], NULL);
      cr_expect_eq (g_file_test (path, G_FILE_TEST_EXISTS), i != 1, "%s", files[i]);
      g_unlink (path);
    }
  g_rmdir (dir);
}

/* --- many files ------------------------------------------------------------------------------ */

static void
add_to_batch (AakFsBatch *batch, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  cr_assert (aak_fs_batch_add (batch, name, bytes, 0640, &error), "%s",
             error != NULL ? error->message : "");
}

static void
expect_file (const char *dir, const char *name, const char *text)
{
  struct stat st;
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *found = aak_fs_read_text (path, 100, NULL);
  cr_expect (g_strcmp0 (found, text) == 0, "%s: %s", name, found);
  cr_expect (found == NULL || (stat (path, &st) == 0 && (st.st_mode & 07777) == 0640));
}

Test (fs, a_batch_shows_nothing_before_all_of_it)
{
  g_autofree char *dir = make_temp_dir ();
  g_autoptr (GError) error = NULL;
  AakFsBatch *batch = aak_fs_batch_new (dir, &error);
  cr_assert_not_null (batch);
  add_to_batch (batch, "one", "1\n");
  cr_assert (aak_fs_batch_finish (batch, &error));
  add_to_batch (batch, "two", "2\n");
  add_to_batch (batch, "one", "new\n");
  expect_file (dir, "one", "1");
  expect_file (dir, "two", NULL);
  cr_assert (aak_fs_batch_finish (batch, &error));
  expect_file (dir, "one", "new");
  expect_file (dir, "two", "2");
  aak_fs_batch_free (batch);
  cr_expect_eq (count_entries (dir), 2);
  aak_tree_remove (dir);
}

Test (fs, a_batch_that_is_not_finished_leaves_nothing)
{
  g_autofree char *dir = make_temp_dir (), *child = g_build_filename (dir, "taken", NULL);
  g_autoptr (GError) error = NULL;
  cr_assert (g_mkdir (child, 0700) == 0);
  AakFsBatch *batch = aak_fs_batch_new (dir, &error);
  add_to_batch (batch, "one", "1\n");
  add_to_batch (batch, "taken", "a directory is there\n");
  add_to_batch (batch, "two", "2\n");
  cr_expect_not (aak_fs_batch_finish (batch, &error));
  cr_expect_not_null (strstr (error->message, "taken"));
  aak_fs_batch_free (batch);
  expect_file (dir, "one", "1");
  expect_file (dir, "two", NULL);
  cr_expect_eq (count_entries (dir), 2);
  aak_tree_remove (dir);
  g_clear_error (&error);
  cr_expect_null (aak_fs_batch_new (dir, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}
