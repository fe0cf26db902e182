/* SPDX-License-Identifier: GPL-2.0-or-later
 * A directory of texts is read as it was at one moment, however often a kubelet changes it. */
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/tree.h"
#include "register/input-file.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *dir;
  gint stop; /* atomic */
} Volume;

static void
put (const char *dir, const char *sub, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (dir, sub, name, NULL);
  cr_assert (g_file_set_contents (path, text, -1, NULL));
  cr_assert_eq (chmod (path, 0644), 0);
}

/* Makes generation @number by the calls of a kubelet: a directory, a link that is renamed, and the
 * old directory is gone. */
static void
make_generation (const char *dir, guint number)
{
  g_autofree char *name = g_strdup_printf ("..%u", number), *text = g_strdup_printf ("%u", number),
                  *old = number > 0 ? g_strdup_printf ("%s/..%u", dir, number - 1) : NULL;
  g_autofree char *path = g_build_filename (dir, name, NULL),
                  *next = g_build_filename (dir, "..data_tmp", NULL),
                  *data = g_build_filename (dir, "..data", NULL);
  cr_assert_eq (g_mkdir (path, 0755), 0);
  put (dir, name, "a", text);
  put (dir, name, "b", text);
  cr_assert_eq (symlink (name, next), 0);
  cr_assert_eq (rename (next, data), 0);
  if (old != NULL)
    aak_tree_remove (old);
}

static Volume
make_volume (void)
{
  Volume volume = { .dir = g_dir_make_tmp ("aakit-volume-XXXXXX", NULL) };
  g_autofree char *a = g_build_filename (volume.dir, "a", NULL),
                  *b = g_build_filename (volume.dir, "b", NULL);
  make_generation (volume.dir, 0);
  cr_assert_eq (symlink ("..data/a", a), 0);
  cr_assert_eq (symlink ("..data/b", b), 0);
  return volume;
}

static void
volume_clear (Volume *volume)
{
  aak_tree_remove (volume->dir);
  g_free (volume->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Volume, volume_clear)

static GPtrArray *
read_volume (const Volume *volume, GError **error)
{
  g_auto (AakFd) dir = aak_path_open (volume->dir, AAK_PATH_OWNERS, error);
  return dir >= 0 ? aak_input_file_read_all (dir, volume->dir, AAK_PATH_OWNERS, error) : NULL;
}

static gpointer
change (gpointer data)
{
  Volume *volume = data;
  for (guint i = 1; g_atomic_int_get (&volume->stop) == 0; i++)
    make_generation (volume->dir, i);
  return NULL;
}

Test (input_file, a_volume_is_read_as_one_generation)
{
  g_auto (Volume) volume = make_volume ();
  GThread *thread = g_thread_new ("change", change, &volume);
  guint read = 0;
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) files = read_volume (&volume, &error);
      cr_assert (files != NULL || g_error_matches (error, AAK_ERROR, AAK_ERROR_BUSY), "%s",
                 error != NULL ? error->message : "");
      if (files == NULL)
        continue;
      cr_assert_eq (files->len, 2);
      const AakInputFile *a = files->pdata[0], *b = files->pdata[1];
      cr_assert (g_bytes_equal (a->content, b->content), "two generations at once");
      read++;
    }
  g_atomic_int_set (&volume.stop, 1);
  g_thread_join (thread);
  g_autoptr (GPtrArray) files = read_volume (&volume, NULL);
  cr_expect_not_null (files, "a volume at rest is read");
  cr_log_info ("%u of 500 were read", read);
}

Test (input_file, what_is_skipped_and_what_is_not)
{
  g_auto (Volume) volume = make_volume ();
  g_autofree char *sub = g_build_filename (volume.dir, "sub", NULL);
  cr_assert_eq (g_mkdir (sub, 0755), 0);
  put (volume.dir, ".", "c~", "backup");
  put (volume.dir, ".", ".hidden", "hidden");
  put (volume.dir, ".", "k8s-web.learned.yaml", "state");
  g_autoptr (GPtrArray) files = read_volume (&volume, NULL);
  cr_assert_not_null (files);
  cr_expect_eq (files->len, 2);
  put (volume.dir, ".", "empty", "");
  g_autoptr (GError) error = NULL;
  cr_expect_null (read_volume (&volume, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}
