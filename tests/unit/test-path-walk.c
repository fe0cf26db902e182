/* SPDX-License-Identifier: GPL-2.0-or-later
 * Paths that others had a hand in are not opened; whatever is swapped meanwhile, what was looked at
 * is what is read. */
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/path-walk.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* /tmp, since nobody hides it: below a directory that only its owner can enter all would pass. */
#define TEMPLATE "/tmp/aakit-walk-XXXXXX"

typedef struct
{
  char *dir;
} Fixture;

static void
fixture_clear (Fixture *f)
{
  aak_tree_remove (f->dir);
  g_free (f->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static char *
in (const Fixture *f, const char *name)
{
  return g_build_filename (f->dir, name, NULL);
}

static void
make_dir (const Fixture *f, const char *name, mode_t mode)
{
  g_autofree char *path = in (f, name);
  cr_assert_eq (mkdir (path, 0700), 0);
  cr_assert_eq (chmod (path, mode), 0);
}

static void
make_file (const Fixture *f, const char *name, mode_t mode)
{
  g_autofree char *path = in (f, name);
  cr_assert (g_file_set_contents (path, name, -1, NULL));
  cr_assert_eq (chmod (path, mode), 0);
}

static void
make_link (const Fixture *f, const char *name, const char *target)
{
  g_autofree char *path = in (f, name);
  cr_assert_eq (symlink (target, path), 0);
}

/* A tree that has everything. */
static Fixture
setup (void)
{
  Fixture f = { .dir = g_strdup (TEMPLATE) };
  cr_assert_not_null (g_mkdtemp_full (f.dir, 0755));
  cr_assert_eq (chmod (f.dir, 0755), 0);
  make_dir (&f, "plain", 0755);
  make_file (&f, "plain/file", 0644);
  make_file (&f, "plain/wide", 0646);
  make_file (&f, "plain/group", 0664);
  make_dir (&f, "wide", 0777);
  make_file (&f, "wide/file", 0644);
  make_dir (&f, "group", 0775);
  make_file (&f, "group/file", 0644);
  make_dir (&f, "sticky", 01777);
  make_file (&f, "sticky/file", 0644);
  make_dir (&f, "hidden", 0700);
  make_dir (&f, "hidden/wide", 0777);
  make_file (&f, "hidden/wide/file", 0644);
  make_file (&f, "hidden/wide/wide", 0666);
  make_link (&f, "hidden/wide/out", "../../wide/file");
  make_link (&f, "plain/link", "file");
  make_link (&f, "plain/up", "../plain/file");
  make_link (&f, "plain/absolute", "/etc/passwd");
  make_link (&f, "plain/loop", "loop");
  make_link (&f, "plain/dangling", "nothere");
  make_link (&f, "plain/into-wide", "../wide/file");
  make_link (&f, "plain/dir", "../sticky");
  g_autofree char *fifo = in (&f, "plain/fifo");
  cr_assert_eq (mkfifo (fifo, 0600), 0);
  return f;
}

typedef struct
{
  char path[32];
  gboolean ok;
  gboolean anybody; /* without a look at owners and modes */
  char told[40];
} Row;

static const Row rows[] = {
  { "plain/file", TRUE, TRUE, "" },
  { "plain//./file", TRUE, TRUE, "" },
  { "plain/../plain/file", TRUE, TRUE, "" },
  { "plain", TRUE, TRUE, "" },
  { "plain/", TRUE, TRUE, "" },
  { "plain/link", TRUE, TRUE, "" },
  { "plain/up", TRUE, TRUE, "" },
  { "plain/dir/file", TRUE, TRUE, "" },
  { "sticky", TRUE, TRUE, "" },
  { "sticky/file", TRUE, TRUE, "" },
  { "hidden/wide/file", TRUE, TRUE, "" },
  { "plain/absolute", TRUE, TRUE, "" },
  { "plain/wide", FALSE, TRUE, "chmod go-w" },
  { "plain/group", FALSE, TRUE, "mode 0664" },
  { "wide", FALSE, TRUE, "mode 0777" },
  { "wide/file", FALSE, TRUE, "others can write to it" },
  { "group/file", FALSE, TRUE, "others can write to it" },
  { "plain/into-wide", FALSE, TRUE, "wide: others can write to it" },
  { "hidden/wide/wide", FALSE, TRUE, "mode 0666" },
  { "hidden/wide/out", FALSE, TRUE, "wide: others can write to it" },
  { "plain/fifo", FALSE, FALSE, "not a regular file" },
  { "plain/loop", FALSE, FALSE, "too many links" },
  { "plain/dangling", FALSE, FALSE, "No such file" },
  { "plain/nothere", FALSE, FALSE, "No such file" },
  { "plain/file/x", FALSE, FALSE, "Not a directory" },
};

static void
expect (const Row *row, int fd, gboolean ok, const GError *error)
{
  cr_expect_eq (fd >= 0, ok, "%s: %s", row->path, error != NULL ? error->message : "opened");
  cr_expect_eq (error == NULL, fd >= 0, "%s", row->path);
  if (error != NULL && !row->ok)
    cr_expect_not_null (strstr (error->message, row->told), "%s: %s", row->path, error->message);
}

Test (path_walk, what_is_opened)
{
  g_auto (Fixture) f = setup ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = in (&f, rows[i].path);
      g_autoptr (GError) error = NULL, other = NULL;
      g_auto (AakFd) strict = aak_path_open (path, AAK_PATH_OWNERS, &error);
      expect (&rows[i], strict, rows[i].ok, error);
      g_auto (AakFd) lax = aak_path_open (path, AAK_PATH_ANYBODY, &other);
      expect (&rows[i], lax, rows[i].anybody, other);
    }
}

Test (path_walk, relative_and_odd_paths)
{
  g_auto (Fixture) f = setup ();
  cr_assert_eq (chdir (f.dir), 0);
  g_auto (AakFd) file = aak_path_open ("plain/file", AAK_PATH_OWNERS, NULL);
  cr_expect_geq (file, 0);
  g_auto (AakFd) here = aak_path_open (".", AAK_PATH_OWNERS, NULL);
  cr_expect_geq (here, 0);
  static const char *const others[] = { "", "/dev/null", "plain/file/..", "/proc/self/mem/x" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_lt (aak_path_open (others[i], AAK_PATH_OWNERS, &error), 0, "%s", others[i]);
      cr_expect_not_null (error);
    }
}

static const struct
{
  char name[16];
  gboolean ok;
} below[] = {
  { "file", TRUE },       { "link", TRUE },
  { "up", FALSE },        { "absolute", FALSE },
  { "loop", FALSE },      { "dir", FALSE },
  { "into-wide", FALSE }, { "../plain/file", FALSE },
  { "dangling", FALSE },  { "fifo", FALSE },
  { ".", TRUE },          { "..", FALSE },
  { "inner/back", TRUE }, { "inner/out", FALSE },
};

Test (path_walk, nothing_leads_out)
{
  g_auto (Fixture) f = setup ();
  make_dir (&f, "plain/inner", 0755);
  make_link (&f, "plain/inner/back", "../file");
  make_link (&f, "plain/inner/out", "../../plain/file");
  g_autofree char *plain = in (&f, "plain");
  g_auto (AakFd) dir = aak_path_open (plain, AAK_PATH_OWNERS, NULL);
  cr_assert_geq (dir, 0);
  for (guint i = 0; i < G_N_ELEMENTS (below); i++)
    for (int trust = AAK_PATH_OWNERS; trust <= AAK_PATH_ANYBODY; trust++)
      {
        g_autoptr (GError) error = NULL;
        g_auto (AakFd) fd =
            aak_path_open_below (dir, plain, below[i].name, (AakPathTrust) trust, &error);
        cr_expect_eq (fd >= 0, below[i].ok, "%s: %s", below[i].name,
                      error != NULL ? error->message : "opened");
        cr_expect_eq (fd >= 0, error == NULL);
      }
}

/* What root sees of other users. */
Test (path_walk, owners)
{
  if (geteuid () != 0)
    cr_skip ("only root can give files away");
  g_auto (Fixture) f = setup ();
  static const char *const given[] = { "plain/file", "plain/link", "plain" };
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = in (&f, given[i]), *file = in (&f, "plain/link");
      cr_assert_eq (lchown (path, 65534, 65534), 0);
      cr_expect_lt (aak_path_open (file, AAK_PATH_OWNERS, &error), 0, "%s", given[i]);
      cr_expect (error != NULL && strstr (error->message, "owned by user 65534") != NULL
                     && strstr (error->message, "chown -h 0") != NULL,
                 "%s", error != NULL ? error->message : "");
      g_auto (AakFd) lax = aak_path_open (file, AAK_PATH_ANYBODY, NULL);
      cr_expect_geq (lax, 0);
      cr_assert_eq (lchown (path, 0, 0), 0);
    }
}

Test (path_walk, a_caller_without_privilege_takes_roots_files_and_its_own)
{
  if (geteuid () != 0)
    cr_skip ("only root can become another user");
  g_auto (Fixture) f = setup ();
  g_autofree char *roots = in (&f, "plain/file"), *own = in (&f, "sticky/own"),
                  *others = in (&f, "sticky/file");
  cr_assert (g_file_set_contents (own, "x", -1, NULL));
  cr_assert_eq (chmod (own, 0644), 0);
  cr_assert_eq (chown (own, 65534, 65534), 0);
  cr_assert_eq (chown (others, 65533, 65533), 0);
  cr_assert_eq (seteuid (65534), 0);
  g_auto (AakFd) first = aak_path_open (roots, AAK_PATH_OWNERS, NULL);
  g_auto (AakFd) second = aak_path_open (own, AAK_PATH_OWNERS, NULL);
  g_auto (AakFd) third = aak_path_open (others, AAK_PATH_OWNERS, NULL);
  cr_assert_eq (seteuid (0), 0);
  cr_expect_geq (first, 0);
  cr_expect_geq (second, 0);
  cr_expect_lt (third, 0);
}

/* --- swaps ----------------------------------------------------------------------------------- */

typedef struct
{
  const Fixture *f;
  gint stop; /* atomic */
} Swapper;

/* Puts one thing after the other into the place of "plain/target". */
static gpointer
swap (gpointer data)
{
  Swapper *swapper = data;
  static const char *const things[] = { "good", "open", "outside", "pipe" };
  g_autofree char *target = in (swapper->f, "plain/target"), *next = in (swapper->f, "plain/.next");
  for (guint i = 0; g_atomic_int_get (&swapper->stop) == 0; i++)
    {
      g_autofree char *from = in (swapper->f, things[i % G_N_ELEMENTS (things)]);
      gboolean is_link = strcmp (things[i % G_N_ELEMENTS (things)], "outside") == 0;
      int made = is_link ? symlink ("../outside", next) : link (from, next);
      cr_assert_eq (made, 0);
      cr_assert_eq (rename (next, target), 0);
      unlink (next); /* two names of one file: the first stays (rename(2)) */
    }
  return NULL;
}

Test (path_walk, swaps_never_show_what_is_not_trusted)
{
  g_auto (Fixture) f = setup ();
  make_file (&f, "good", 0644);
  make_file (&f, "open", 0666);
  make_file (&f, "outside", 0644);
  g_autofree char *pipe = in (&f, "pipe"), *plain = in (&f, "plain");
  cr_assert_eq (mkfifo (pipe, 0644), 0);
  Swapper swapper = { .f = &f };
  GThread *thread = g_thread_new ("swap", swap, &swapper);
  g_auto (AakFd) dir = aak_path_open (plain, AAK_PATH_OWNERS, NULL);
  guint read = 0;
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (AakFd) fd = aak_path_open_below (dir, plain, "target", AAK_PATH_OWNERS, &error);
      g_autoptr (GBytes) content = fd >= 0 ? aak_fs_read_open (fd, "target", 100, NULL) : NULL;
      cr_expect_eq (fd >= 0, content != NULL);
      if (content == NULL)
        continue;
      read++;
      cr_assert_eq (g_bytes_get_size (content), strlen ("good"));
      cr_assert_arr_eq (g_bytes_get_data (content, NULL), "good", strlen ("good"));
    }
  g_atomic_int_set (&swapper.stop, 1);
  g_thread_join (thread);
  cr_log_info ("%u of 3000 were good", read);
}
