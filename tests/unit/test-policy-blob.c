/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiled policy is walked exactly, hashed as the kernel does, and no damaged byte leads outside
 * of it. */
#include "lib/compiler.h"
#include "lib/error.h"
#include "lib/policy/policy.h"

#include <criterion/criterion.h>
#include <string.h>

static const char text[] = "abi <abi/3.0>,\n"
                           "profile zz-web flags=(attach_disconnected) {\n"
                           "  /** r,\n"
                           "  network tcp,\n"
                           "  ^hat {\n    /a r,\n  }\n"
                           "  profile kid flags=(complain) {\n    /b r,\n  }\n"
                           "}\n"
                           "profile /usr/bin/x /usr/bin/x* flags=(complain) {\n  /b r,\n}\n";

static GBytes *
compile (const char *source)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autoptr (AakFeatures) features = aak_features_read (path, &error);
  cr_assert_not_null (features);
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GBytes) bytes = g_bytes_new (source, strlen (source));
  GBytes *blob = aak_compiler_compile (compiler, features, "test", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  return blob;
}

Test (policy_blob, profiles_modes_and_ranges)
{
  static const char *const names[] = { "/usr/bin/x", "zz-web", "zz-web//hat", "zz-web//kid" };
  static const AakMode modes[] = { AAK_MODE_COMPLAIN, AAK_MODE_ENFORCE, AAK_MODE_ENFORCE,
                                   AAK_MODE_COMPLAIN };
  g_autoptr (GBytes) blob = compile (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) profiles = aak_policy_blob_parse ("b", blob, &error);
  cr_assert_not_null (profiles, "%s", error != NULL ? error->message : "");
  cr_assert_eq (profiles->len, 4);
  gsize at = 0;
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakBlobProfile *p = profiles->pdata[i];
      cr_expect_str_eq (p->name, names[i]);
      cr_expect_eq (p->mode, modes[i], "%s", p->name);
      cr_expect_eq (p->start, at);
      cr_expect_eq (p->body, p->start + 16);
      at = p->end;
    }
  cr_expect_eq (at, g_bytes_get_size (blob));
}

/* The rule of security/apparmor/crypto.c, written out a second time. */
Test (policy_blob, hash_is_version_word_and_body)
{
  g_autoptr (GBytes) blob = compile (text);
  g_autoptr (GPtrArray) profiles = aak_policy_blob_parse ("b", blob, NULL);
  const guchar *data = g_bytes_get_data (blob, NULL);
  const AakBlobProfile *p = profiles->pdata[1];
  g_autoptr (GByteArray) fed = g_byte_array_new ();
  g_byte_array_append (fed, data + p->start + 12, 4);
  g_byte_array_append (fed, data + p->start + 16, (guint) (p->end - p->start - 16));
  g_autofree char *sha1 = g_compute_checksum_for_data (G_CHECKSUM_SHA1, fed->data, fed->len);
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, fed->data, fed->len);
  cr_expect_not (aak_policy_blob_knows_hash (p, "sha1"));
  g_autofree char *ours1 = aak_policy_blob_hash (blob, p, "sha1");
  cr_expect (aak_policy_blob_knows_hash (p, "sha1"));
  g_autofree char *ours256 = aak_policy_blob_hash (blob, p, "sha256");
  cr_expect_str_eq (ours1 + 5, sha1);
  cr_expect_str_eq (ours256 + 7, sha256);
  cr_expect_null (aak_policy_blob_hash (blob, p, "md5"));
}

Test (policy_blob, every_truncation_is_refused)
{
  g_autoptr (GBytes) blob = compile ("abi <abi/3.0>,\nprofile a {\n  /x r,\n}\n");
  const char *data = g_bytes_get_data (blob, NULL);
  for (gsize len = 0; len < g_bytes_get_size (blob); len++)
    {
      g_autofree char *copy =
          g_memdup2 (data, len); /* its own allocation: a sanitizer sees one byte too far */
      g_autoptr (GBytes) part = g_bytes_new_static (copy, len);
      g_autoptr (GError) error = NULL;
      cr_assert_null (aak_policy_blob_parse ("b", part, &error), "%zu bytes", len);
      cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
    }
}

Test (policy_blob, mutations_never_lead_outside)
{
  g_autoptr (GBytes) blob = compile (text);
  gsize len = g_bytes_get_size (blob);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  for (int round = 0; round < 20000; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (blob, NULL), len);
      for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
        copy[g_rand_int_range (rand, 0, (gint32) (i % 2 == 0 ? len : MIN (len, 400)))] =
            (guint8) g_rand_int_range (rand, 0, 256);
      gsize cut = round % 3 == 0 ? (gsize) g_rand_int_range (rand, 0, (gint32) len) : len;
      g_autoptr (GBytes) mutant = g_bytes_new_static (copy, cut);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) profiles = aak_policy_blob_parse ("b", mutant, &error);
      cr_assert ((profiles == NULL) == (error != NULL));
      for (guint i = 0; profiles != NULL && i < profiles->len; i++)
        {
          const AakBlobProfile *p = profiles->pdata[i];
          cr_assert (p->start < p->body && p->body < p->end && p->end <= cut);
        }
    }
}

Test (policy_blob, compressed_and_foreign_forms_are_named)
{
  static const guint8 zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0, 0, 0 };
  static const guint8 headed[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0x28, 0xb5, 0x2f, 0xfd, 0, 0 };
  const struct
  {
    const guint8 *data;
    gsize len;
    const char *what;
  } rows[] = {
    { zstd, sizeof zstd, "zstd" },
    { headed, sizeof headed, "zstd" },
    { (const guint8 *) "#!/bin/sh\n", 10, "header" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (rows[i].data, rows[i].len);
      g_autoptr (GError) error = NULL;
      cr_expect_null (aak_policy_blob_parse ("b", bytes, &error));
      cr_expect_not_null (strstr (error->message, rows[i].what), "%s", error->message);
    }
}

Test (policy, split_keeps_children_with_their_parent)
{
  g_autoptr (GBytes) blob = compile (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) policies = aak_policy_split ("b", blob, NULL, &error);
  cr_assert_not_null (policies, "%s", error != NULL ? error->message : "");
  cr_assert_eq (policies->len, 2);
  const AakPolicy *x = policies->pdata[0], *web = policies->pdata[1];
  cr_expect_str_eq (x->text_name, "usr.bin.x");
  cr_expect_str_eq (web->text_name, "usr.bin.x"); /* one text, one file */
  cr_expect_eq (web->parts->len, 3);
  cr_expect_eq (g_bytes_get_size (x->blob) + g_bytes_get_size (web->blob), g_bytes_get_size (blob));
  g_autoptr (GPtrArray) whole = aak_policy_blob_parse ("b", blob, NULL);
  g_autofree char *before = aak_policy_blob_hash (blob, whole->pdata[3], "sha256");
  g_autofree char *after = aak_policy_blob_hash (web->blob, web->parts->pdata[2], "sha256");
  cr_expect_str_eq (before, after);
}

Test (policy, a_child_may_be_named_by_a_path)
{
  g_autoptr (GBytes) blob =
      compile ("abi <abi/3.0>,\nprofile a {\n  profile /bin/c {\n    /c r,\n  }\n}\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) policies = aak_policy_split ("b", blob, NULL, &error);
  cr_assert_not_null (policies, "%s", error != NULL ? error->message : "");
  const AakPolicy *a = policies->pdata[0];
  cr_expect_eq (policies->len, 1);
  cr_expect_eq (a->parts->len, 2);
  cr_expect_str_eq (((const AakBlobProfile *) a->parts->pdata[1])->name, "a///bin/c");
}

Test (policy, file_names)
{
  static const struct
  {
    const char *name;
    const char *file;
  } rows[] = {
    { "k8s-web", "k8s-web" },
    { "/usr/sbin/nginx", "usr.sbin.nginx" },
    { "a/b", "a.b" },
    { "/a/{b,c}*", "a.{b,c}*" },
    { "../x", NULL },
    { ".hidden", NULL },
    { "", NULL },
    { "a b", NULL },
    { "a\nb", NULL },
    { "/", NULL },
    { "README", NULL },
    { "x~", NULL },
    { "\xff", NULL },
    { "x\\y", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *file = aak_policy_file_name (rows[i].name, &error);
      cr_expect ((file == NULL) == (error != NULL));
      cr_expect (g_strcmp0 (file, rows[i].file) == 0, "row %u: %s", i,
                 file != NULL ? file : error->message);
    }
}
