/* SPDX-License-Identifier: GPL-2.0-or-later
 * The seal of a bundle, and the identity of a program. */
#include "lib/bundle-seal.h"
#include "lib/fs.h"
#include "lib/program-id.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static AakBundleSeal *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return aak_bundle_seal_parse (bytes);
}

Test (bundle_seal, there_and_back)
{
  g_autoptr (AakBundleSeal) seal = aak_bundle_seal_new (DIGEST, "3.0.8", "build-id:00");
  aak_bundle_seal_add_compiled (seal, "sha256:" DIGEST);
  aak_bundle_seal_add_compiled (seal, "");
  aak_bundle_seal_add_file (seal, NULL, "manifest.yaml", 5);
  aak_bundle_seal_add_file (seal, "text", "web", 0);
  g_autoptr (GBytes) text = aak_bundle_seal_to_text (seal);
  g_autoptr (AakBundleSeal) again = aak_bundle_seal_parse (text);
  cr_assert_not_null (again);
  g_autoptr (GBytes) same = aak_bundle_seal_to_text (again);
  cr_expect (g_bytes_equal (text, same));
  cr_expect_str_eq (again->parser_id, "build-id:00");
  cr_expect_eq (again->compiled, 2);
  cr_assert_eq (again->made->len, 1);
  cr_expect_str_eq (again->made->pdata[0], "sha256:" DIGEST);
}

Test (bundle_seal, what_is_none)
{
  static const char *const rows[] = {
    "",
    "aakit/inputs/1\n",
    "aakit/inputs/2\n" DIGEST "\n3.0.8 id\n1\n",
    "aakit/inputs/1\nshort\n3.0.8 id\n1\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8\n1\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 a b\n1\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 \033\n1\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n-1\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\nx y\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\n5 /etc/passwd\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\n5 \n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\nsha256:\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\nsha256:" DIGEST "0\n",
    "aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\n5 a/b\nsha256:" DIGEST "\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    cr_expect_null (parse (rows[i]), "row %u", i);
  g_autoptr (AakBundleSeal) good = parse ("aakit/inputs/1\n" DIGEST "\n3.0.8 id\n1\n5 a/b\n");
  cr_expect_not_null (good);
}

static void
put (const char *dir, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  cr_assert (aak_fs_write (path, content, strlen (content), 0644, NULL));
}

Test (bundle_seal, whole_or_not)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-seal-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "a", NULL);
  g_autoptr (AakBundleSeal) seal = aak_bundle_seal_new (DIGEST, "1", "x");
  aak_bundle_seal_add_file (seal, NULL, "a", 3);
  cr_expect_not (aak_bundle_seal_is_whole (seal, dir));
  put (dir, "a", "abc");
  cr_expect (aak_bundle_seal_is_whole (seal, dir));
  put (dir, "a", "abcd");
  cr_expect_not (aak_bundle_seal_is_whole (seal, dir));
  put (dir, "b", "abc");
  cr_assert_eq (unlink (file), 0);
  cr_assert_eq (symlink ("b", file), 0);
  cr_expect_not (aak_bundle_seal_is_whole (seal, dir), "a link is no file of a bundle");
  cr_expect_not (aak_bundle_seal_is_whole (seal, "/nowhere"));
  aak_tree_remove (dir);
}

/* --- programs -------------------------------------------------------------------------------- */

/* Any bytes behind an ELF magic are read within their bounds. */
Test (program_id, damaged_files)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-elf-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "elf", NULL);
  g_autofree char *data = NULL;
  gsize len = 0;
  cr_assert (g_file_get_contents ("/proc/self/exe", &data, &len, NULL));
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  len = MIN (len, 4096);
  for (int round = 0; round < 500; round++)
    {
      g_autofree char *copy = g_memdup2 (data, len);
      for (int i = 0; i < 8; i++)
        copy[g_rand_int_range (random, 4, round % 2 == 0 ? 0x300 : (gint32) len)] =
            (char) g_rand_int_range (random, 0, 256);
      gsize part = (gsize) g_rand_int_range (random, 4, (gint32) len);
      cr_assert (g_file_set_contents (path, copy, (gssize) part, NULL));
      g_autofree char *id = aak_program_id (path);
      cr_assert_not_null (id);
      cr_assert (g_str_has_prefix (id, "sha256:") || g_str_has_prefix (id, "build-id:"));
    }
  aak_tree_remove (dir);
}

Test (program_id, programs_and_scripts)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-id-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "script", NULL);
  put (dir, "script", "#!/bin/sh\nexec /sbin/apparmor_parser\n");
  cr_expect_null (aak_program_id (path), "what a script runs is not to be seen in it");
  put (dir, "script", "");
  cr_expect_null (aak_program_id (path));
  cr_expect_null (aak_program_id ("/nowhere"));
  g_autofree char *self = aak_program_id ("/proc/self/exe"),
                  *again = aak_program_id ("/proc/self/exe");
  cr_assert_not_null (self);
  cr_expect_str_eq (self, again);
  aak_tree_remove (dir);
}
