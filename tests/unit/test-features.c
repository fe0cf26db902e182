/* SPDX-License-Identifier: GPL-2.0-or-later
 * The directory and the flat file of one feature set are the same set, and what is no set is
 * refused. */
#include "lib/error.h"
#include "lib/features.h"
#include "lib/fs.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/apparmor.h>

static const char *const shipped[] = { "debian-12-6.1", "debian-13-6.12" };

static char *
shipped_path (const char *name)
{
  return g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features", name, NULL);
}

/* Makes the directory form of the flat @text at @dir; gives what follows the closing brace. */
static const char *
unfold (const char *text, const char *dir)
{
  while (*text != '\0' && *text != '}')
    {
      const char *open = strchr (text, '{');
      g_autofree char *name = g_strstrip (g_strndup (text, (gsize) (open - text)));
      g_autofree char *path = g_build_filename (dir, name, NULL);
      gsize leaf = strcspn (open + 1, "{}");
      if (open[1 + leaf] == '}')
        {
          cr_assert (g_file_set_contents (path, open + 1, (gssize) leaf, NULL));
          text = open + 1 + leaf;
        }
      else
        {
          cr_assert (aak_fs_make_dir (path, NULL));
          text = unfold (open + 1, path);
        }
      text += 1 + strspn (text + 1, "\n");
    }
  return text;
}

Test (features, directory_flat_file_and_libapparmor_agree)
{
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = shipped_path (shipped[i]);
      g_autoptr (AakFeatures) flat = aak_features_read (path, &error);
      cr_assert_not_null (flat, "%s", error != NULL ? error->message : "");
      g_autofree char *raw = NULL;
      cr_assert (g_file_get_contents (path, &raw, NULL, NULL));
      cr_expect_str_eq (aak_features_text (flat), raw);

      g_autofree char *root = g_dir_make_tmp ("aakit-features-XXXXXX", NULL);
      g_autofree char *dir = aak_fs_path (root, "/sys/kernel/security/apparmor/features");
      cr_assert (aak_fs_make_dir (dir, NULL));
      unfold (raw, dir);
      g_autoptr (AakFeatures) tree = aak_features_kernel (root, &error);
      cr_assert_not_null (tree, "%s", error != NULL ? error->message : "");
      cr_expect_str_eq (aak_features_text (tree), raw);
      cr_expect_str_eq (aak_features_id (tree), aak_features_id (flat));
      cr_expect (aak_features_is_id (aak_features_id (tree)));

      aa_features *theirs = NULL;
      cr_assert_eq (aa_features_new (&theirs, AT_FDCWD, dir), 0);
      g_autofree char *out = g_build_filename (root, "out", NULL);
      cr_assert_eq (aa_features_write_to_file (theirs, AT_FDCWD, out), 0);
      aa_features_unref (theirs);
      g_autofree char *written = NULL;
      cr_assert (g_file_get_contents (out, &written, NULL, NULL));
      cr_expect_str_eq (written, aak_features_text (tree));
      aak_tree_remove (root);
    }
}

Test (features, ids_differ)
{
  g_autofree char *one = shipped_path (shipped[0]);
  g_autofree char *two = shipped_path (shipped[1]);
  g_autoptr (AakFeatures) a = aak_features_read (one, NULL);
  g_autoptr (AakFeatures) b = aak_features_read (two, NULL);
  cr_expect_str_neq (aak_features_id (a), aak_features_id (b));
}

static const char *const refused[] = {
  "",
  "\n",
  "hello",
  "file {mask {read\n}\n}\n",
  "policy {versions {v5 {yes\n}\n",
  "policy {x\n}\n}\nfile {y\n}\n",
  "profile web {\n  /a r,\n}\n",
  "file {a\n}\npolicy \xff{b\n}\n",
};

Test (features, what_is_no_set_is_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_null (aak_features_parse ("f", refused[i], &error), "row %u", i);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "row %u", i);
    }
}

Test (features, no_apparmor_is_told)
{
  g_autofree char *root = g_dir_make_tmp ("aakit-features-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_features_kernel (root, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_APPARMOR_OFF));
  aak_tree_remove (root);
}

Test (features, a_set_has_the_parts_that_it_names)
{
  static const struct
  {
    char part[40];
    gboolean older; /* in the first of the sets that ship */
    gboolean newer;
  } rows[] = {
    { "signal", TRUE, TRUE },
    { "network_v8", TRUE, TRUE },
    { "network_v8/af_mask", TRUE, TRUE },
    { "network", FALSE, FALSE },
    { "io_uring", FALSE, TRUE },
    { "namespaces/mask/userns_create", FALSE, TRUE },
    { "dbus", FALSE, FALSE },
    { "", FALSE, FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint which = 0; which < G_N_ELEMENTS (shipped); which++)
      {
        g_autofree char *path = shipped_path (shipped[which]);
        g_autoptr (AakFeatures) features = aak_features_read (path, NULL);
        cr_assert_not_null (features);
        cr_expect_eq (aak_features_has (features, rows[i].part),
                      which == 0 ? rows[i].older : rows[i].newer, "%s", rows[i].part);
      }
}
