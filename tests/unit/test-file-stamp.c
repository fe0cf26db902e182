/* SPDX-License-Identifier: GPL-2.0-or-later
 * Files that are known again without a look into them. */
#include "lib/file-stamp.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 100

static char *dir;
static char *file;

static void
begin (void)
{
  dir = g_dir_make_tmp ("aakit-stamp-XXXXXX", NULL);
  file = g_build_filename (dir, "file", NULL);
  cr_assert (g_file_set_contents (file, "one", -1, NULL));
}

static void
end (void)
{
  g_unlink (file);
  g_rmdir (dir);
  g_free (file);
  g_free (dir);
}

TestSuite (file_stamp, .init = begin, .fini = end);

/* The stamp of the file, once its last change is not of this very moment. */
static AakFileStamp
settled (void)
{
  AakFileStamp stamp;
  for (int i = 0; i < TRIES; i++)
    {
      if (aak_file_stamp_begin (file, &stamp))
        return stamp;
      g_usleep (50000);
    }
  cr_assert_fail ("never settled");
  return stamp;
}

static gboolean
is_another (const AakFileStamp *stamp)
{
  AakFileStamp now;
  return !aak_file_stamp_now (file, &now) || strcmp (now.text, stamp->text) != 0;
}

/* Gives the file the times of @st back. */
static void
set_times (const struct stat *st)
{
  const struct timespec times[] = { st->st_atim, st->st_mtim };
  cr_assert_eq (utimensat (AT_FDCWD, file, times, 0), 0);
}

Test (file_stamp, each_change_makes_another)
{
  AakFileStamp stamp = settled ();
  struct stat st;
  cr_expect_not (is_another (&stamp), "nothing was done");
  cr_assert_eq (stat (file, &st), 0);
  int fd = open (file, O_WRONLY | O_CLOEXEC);
  cr_assert_eq (pwrite (fd, "two", 3, 0), 3);
  close (fd);
  set_times (&st);
  cr_expect (is_another (&stamp), "other bytes, the old size and times");
  stamp = settled ();
  cr_assert (g_file_set_contents (file, "two", -1, NULL));
  set_times (&st);
  cr_expect (is_another (&stamp), "another file of the same bytes and times");
}

Test (file_stamp, what_changed_this_moment_has_none)
{
  AakFileStamp stamp;
  gboolean refused = FALSE;
  for (int i = 0; i < TRIES && !refused; i++) /* a slow machine may come too late */
    {
      cr_assert (g_file_set_contents (file, "new", -1, NULL));
      refused = !aak_file_stamp_begin (file, &stamp);
    }
  cr_expect (refused);
  cr_expect (aak_file_stamp_now (file, &stamp), "but can be compared");
}

Test (file_stamp, unknown_file_systems_have_none_to_begin_with)
{
  static const char *const name = "/proc/version";
  AakFileStamp stamp;
  int fd = open (name, O_RDONLY | O_CLOEXEC); /* its inode stays, and its change time */
  cr_assert_geq (fd, 0);
  g_usleep (200000);
  cr_expect (aak_file_stamp_now (name, &stamp));
  cr_expect_not (aak_file_stamp_begin (name, &stamp));
  close (fd);
}

Test (file_stamp, plain_files_alone_have_one)
{
  AakFileStamp stamp;
  cr_expect_not (aak_file_stamp_now (dir, &stamp), "a directory");
  g_autofree char *link = g_build_filename (dir, "link", NULL);
  cr_assert_eq (symlink ("file", link), 0);
  cr_expect_not (aak_file_stamp_now (link, &stamp), "a link");
  cr_expect_not (aak_file_stamp_begin (link, &stamp), "a link");
  g_unlink (link);
  cr_expect_not (aak_file_stamp_begin (link, &stamp), "nothing");
}
