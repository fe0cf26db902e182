/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiled policies and small trees for the tests of bundles, plans and transactions. */
#pragma once

#include "lib/compiler.h"
#include "lib/fs.h"
#include "lib/lsm.h"
#include "lib/policy/policy.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

G_GNUC_UNUSED static AakFeatures *
fixture_features (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features", name, NULL);
  AakFeatures *features = aak_features_read (path, NULL);
  cr_assert_not_null (features, "AAKIT_SRCDIR must lead to the source tree");
  return features;
}

/* A file of tests/policy. */
G_GNUC_UNUSED static GBytes *
fixture_policy_file (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("AAKIT_SRCDIR"), "tests/policy", name, NULL);
  GBytes *bytes = aak_fs_read (path, 1 << 20, &error);
  cr_assert_not_null (bytes, "%s", error != NULL ? error->message : "");
  return bytes;
}

/* Debian 12's kernel, with unix sockets and D-Bus as Ubuntu's kernels mediate them. */
G_GNUC_UNUSED static AakFeatures *
fixture_wide_features (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autofree char *text = NULL, *file = NULL;
  cr_assert (g_file_get_contents (path, &text, NULL, NULL));
  g_autoptr (GString) wide = g_string_new (text);
  cr_assert_eq (g_string_replace (wide, "network_v8 {",
                                  "network {af_unix {yes\n}\n}\n"
                                  "dbus {mask {acquire send receive\n}\n}\nnetwork_v8 {",
                                  1),
                1);
  int fd = g_file_open_tmp ("aakit-features-XXXXXX", &file, NULL);
  cr_assert_geq (fd, 0);
  g_close (fd, NULL);
  cr_assert (g_file_set_contents (file, wide->str, -1, NULL));
  AakFeatures *features = aak_features_read (file, &error);
  g_unlink (file);
  cr_assert_not_null (features, "%s", error != NULL ? error->message : "");
  return features;
}

/* web.aa of them, as compiled for Debian 12. Skips the test where there is no compiler. */
G_GNUC_UNUSED static GBytes *
fixture_web (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GBytes) text = fixture_policy_file ("web.aa");
  GBytes *blob = aak_compiler_compile (compiler, features, "t", text, NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  return blob;
}

/* The policies in @text, as compiled for Debian 12. Skips the test where there is no compiler. */
G_GNUC_UNUSED static GPtrArray *
fixture_policies (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  GPtrArray *policies = aak_policy_split ("t", blob, bytes, &error);
  cr_assert_not_null (policies, "%s", error != NULL ? error->message : "");
  return policies;
}

/* A profile called @name with one rule for @path, in the mode that @flags say. */
G_GNUC_UNUSED static AakPolicy *
fixture_policy (const char *name, const char *flags, const char *path)
{
  g_autofree char *text =
      g_strdup_printf ("abi <abi/3.0>,\nprofile %s %s {\n  %s r,\n  ^hat {\n    /hat r,\n  }\n}\n",
                       name, flags, path);
  g_autoptr (GPtrArray) policies = fixture_policies (text);
  cr_assert_eq (policies->len, 1);
  return aak_policy_ref (policies->pdata[0]);
}

G_GNUC_UNUSED static void
fixture_put (const char *root, const char *path, const char *text)
{
  g_autofree char *full = aak_fs_path (root, path);
  g_autofree char *parent = g_path_get_dirname (full);
  cr_assert (aak_fs_make_dir (parent, NULL));
  cr_assert (aak_fs_write (full, text, strlen (text), 0644, NULL));
}

G_GNUC_UNUSED static char *
fixture_get (const char *root, const char *path)
{
  g_autofree char *full = aak_fs_path (root, path);
  return aak_fs_read_text (full, 1 << 20, NULL);
}

/* A node whose kernel has AppArmor and no profile; the caller frees and removes it. */
G_GNUC_UNUSED static char *
fixture_node (void)
{
  char *root = g_dir_make_tmp ("aakit-node-XXXXXX", NULL);
  cr_assert_not_null (root);
  fixture_put (root, "/sys/module/apparmor/parameters/enabled", "Y\n");
  fixture_put (root, "/sys/kernel/security/apparmor/revision", "7\n");
  fixture_put (root, "/sys/kernel/security/apparmor/profiles", "");
  fixture_put (root, "/proc/1/comm", "init\n");
  g_autofree char *profiles = aak_fs_path (root, "/sys/kernel/security/apparmor/policy/profiles");
  cr_assert (aak_fs_make_dir (profiles, NULL));
  return root;
}

G_GNUC_UNUSED static guint
fixture_count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
