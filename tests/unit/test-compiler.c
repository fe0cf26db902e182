/* SPDX-License-Identifier: GPL-2.0-or-later
 * apparmor_parser's answers, good and bad, come through; its digest changes with everything that
 * matters. */
#include "config.h"

#include "lib/compiler.h"
#include "lib/error.h"
#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *base;
  AakFeatures *features;
  AakCompiler *compiler;
} Fixture;

static void
put (const char *dir, const char *name, const char *text, guint mode)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  cr_assert (aak_fs_make_dir (parent, NULL));
  cr_assert (aak_fs_write (path, text, strlen (text), mode, NULL));
}

static AakFeatures *
read_features (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features", name, NULL);
  return aak_features_read (path, NULL);
}

static void
setup (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  f->base = g_dir_make_tmp ("aakit-base-XXXXXX", NULL);
  f->features = read_features ("debian-12-6.1");
  cr_assert_not_null (f->features);
  put (f->base, "abstractions/good", "  /good r,\n  include if exists <abstractions/good.d>\n",
       0644);
  put (f->base, "abstractions/bad", "  /good r,\n  /bad rzz,\n", 0644);
  f->compiler = aak_compiler_new (f->base, &error);
  if (f->compiler == NULL)
    cr_skip_test ("%s", error->message);
}

static void
fixture_clear (Fixture *f)
{
  aak_tree_remove (f->base);
  g_free (f->base);
  g_clear_pointer (&f->features, aak_features_free);
  g_clear_pointer (&f->compiler, aak_compiler_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GBytes *
compile (const Fixture *f, const char *text, char **out_warnings, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return aak_compiler_compile (f->compiler, f->features, "dir/web", bytes, out_warnings, error);
}

Test (compiler, errors_name_file_and_line)
{
  static const struct
  {
    const char *text;
    const char *message; /* %s: the base */
  } rows[] = {
    { "profile x {\n  /a rz,\n}\n", "dir/web:2:6: " },
    { "include <nope>\nprofile x {\n}\n", "dir/web:1:10: Could not open 'nope'" },
    { "profile x {\n  include <abstractions/bad>\n}\n", "%s/abstractions/bad:2:8: " },
    { "profile x {\n  @{nope} r,\n}\n", "dir/web:2:3: Found reference to variable nope" },
    { "profile x {\n}\nprofile x {\n}\n", "dir/web:3:9: Multiple definitions for profile x" },
    { "", "dir/web: no profile in it" },
    { "# nothing\n", "dir/web: no profile in it" },
  };
  g_auto (Fixture) f = { 0 };
  setup (&f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) blob = compile (&f, rows[i].text, NULL, &error);
      cr_assert_null (blob, "row %u", i);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_POLICY), "row %u", i);
      g_autoptr (GString) expected = g_string_new (rows[i].message);
      g_string_replace (expected, "%s", f.base, 0);
      cr_expect (g_str_has_prefix (error->message, expected->str), "row %u: %s", i, error->message);
    }
}

Test (compiler, warnings_are_handed_out)
{
  g_auto (Fixture) f = { 0 };
  setup (&f);
  g_autofree char *warnings = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob = compile (&f, "profile x {\n  dbus,\n}\n", &warnings, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  cr_assert_not_null (warnings);
  cr_expect_not_null (strstr (warnings, "dir/web:1:9: profile x: dbus rules not enforced"), "%s",
                      warnings);
  g_autoptr (GBytes) quiet =
      compile (&f, "abi \"/etc/apparmor.d/abi/3.0\",\nprofile x {\n  /a r,\n}\n", &none, &error);
  cr_assert_not_null (quiet, "%s", error != NULL ? error->message : "");
  cr_expect_null (none, "%s", none);
}

/* A stand-in for the parser that answers --version and then does @body. */
static void
fake_parser (const Fixture *f, const char *body)
{
  g_autofree char *script = g_strdup_printf (
      "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'AppArmor parser version 9.9'; exit 0; }\n%s\n",
      body);
  put (f->base, "parser", script, 0755);
  g_autofree char *path = g_build_filename (f->base, "parser", NULL);
  g_setenv ("AAKIT_APPARMOR_PARSER", path, TRUE);
}

Test (compiler, a_parser_that_hangs_crashes_or_is_mute)
{
  static const struct
  {
    const char *body;
    int code;
    const char *message;
  } rows[] = {
    { "sleep 60", AAK_ERROR_COMPILER, "did not end within 1 s" },
    { "kill -SEGV $$", AAK_ERROR_COMPILER, "signal 11" },
    { "exit 3", AAK_ERROR_COMPILER, "exited with 3 without a word" },
    { "exit 0", AAK_ERROR_POLICY, "no profile in it" },
    { "yes", AAK_ERROR_COMPILER, "printed more than" },
    { "printf 'evil \\033[31m\\n' >&2; exit 1", AAK_ERROR_POLICY, "evil \\x1b[31m" },
  };
  g_auto (Fixture) f = { 0 };
  setup (&f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      fake_parser (&f, rows[i].body);
      g_clear_pointer (&f.compiler, aak_compiler_free);
      f.compiler = aak_compiler_new (f.base, &error);
      cr_assert_not_null (f.compiler, "%s", error != NULL ? error->message : "");
      cr_expect_str_eq (aak_compiler_version (f.compiler), "9.9");
      aak_compiler_set_timeout (f.compiler, i == 4 ? 60 : 1);
      g_autoptr (GBytes) blob = compile (&f, "profile x {\n}\n", NULL, &error);
      cr_assert_null (blob);
      cr_expect (g_error_matches (error, AAK_ERROR, rows[i].code), "row %u: %s", i, error->message);
      cr_expect_not_null (strstr (error->message, rows[i].message), "row %u: %s", i,
                          error->message);
    }
}

#ifdef HAVE_ZSTD

/* As apparmor_parser 5.0 writes it for a kernel with policy/compressed_load. */
Test (compiler, compressed_output_is_handed_out_plain)
{
  static const char plain[] = "\4\10\0version";
  g_auto (Fixture) f = { 0 };
  setup (&f);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = g_strdup_printf ("exec cat '%s/tests/policy/web-5.0-compressed.bin'",
                                           g_getenv ("AAKIT_SRCDIR"));
  fake_parser (&f, body);
  g_clear_pointer (&f.compiler, aak_compiler_free);
  f.compiler = aak_compiler_new (f.base, &error);
  cr_assert_not_null (f.compiler, "%s", error != NULL ? error->message : "");
  g_autoptr (GBytes) blob = compile (&f, "profile x {\n}\n", NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  cr_assert_gt (g_bytes_get_size (blob), sizeof plain);
  cr_expect_arr_eq (g_bytes_get_data (blob, NULL), plain, sizeof plain);
}

#endif

/* As a build after the last one: a compiler reads an include once. */
static char *
digest (Fixture *f, const char *text)
{
  g_clear_pointer (&f->compiler, aak_compiler_free);
  f->compiler = aak_compiler_new (f->base, NULL);
  cr_assert_not_null (f->compiler);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *source = aak_sha256_of (bytes);
  return aak_compiler_digest (f->compiler, f->features, bytes, source);
}

Test (compiler, the_digest_follows_the_includes)
{
  static const char text[] = "#include <abstractions/good>\nprofile x {\n}\n";
  g_auto (Fixture) f = { 0 };
  setup (&f);
  g_autofree char *first = digest (&f, text);
  g_autofree char *same = digest (&f, text);
  cr_assert_not_null (first);
  cr_expect_str_eq (first, same);
  put (f.base, "abstractions/good.d/more", "  /more r,\n", 0644); /* an optional include appears */
  g_autofree char *appeared = digest (&f, text);
  cr_expect_str_neq (appeared, first);
  put (f.base, "abstractions/good.d/more", "  /more w,\n", 0644);
  g_autofree char *changed = digest (&f, text);
  cr_expect_str_neq (changed, appeared);
  g_clear_pointer (&f.features, aak_features_free);
  f.features = read_features ("debian-13-6.12");
  g_autofree char *other_kernel = digest (&f, text);
  cr_expect_str_neq (other_kernel, changed);
  cr_expect_null (digest (&f, "include \"relative\"\nprofile x {\n}\n"));
  cr_expect_null (digest (&f, "include relative\nprofile x {\n}\n"));
  g_autofree char *harmless = digest (&f, "profile x {\n  /usr/include/** r,\n}\n");
  cr_expect_not_null (harmless);
}

Test (compiler, the_digest_does_not_depend_on_where_the_base_is)
{
  static const char text[] = "include <abstractions/good>\nprofile x {\n}\n";
  g_auto (Fixture) one = { 0 };
  g_auto (Fixture) two = { 0 };
  setup (&one);
  setup (&two);
  g_autofree char *first = digest (&one, text);
  g_autofree char *second = digest (&two, text);
  cr_expect_str_eq (first, second);
}

Test (compiler, a_downgrade_that_changes_nothing_is_not_told)
{
  static const struct
  {
    const char *rule;
    gboolean warns;
  } cases[] = {
    { "network unix stream,", FALSE },
    { "unix (connect) type=stream addr=@x,", TRUE },
    { "audit unix,", TRUE },
  };
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autoptr (AakFeatures) features = aak_features_read (path, NULL);
  cr_assert_not_null (features);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      char *text = g_strdup_printf ("abi <abi/3.0>,\nprofile x {\n  %s\n}\n", cases[i].rule);
      g_autoptr (GBytes) source = g_bytes_new_take (text, strlen (text));
      g_autofree char *warnings = NULL;
      g_autoptr (GBytes) blob =
          aak_compiler_compile (compiler, features, "x", source, &warnings, &error);
      cr_assert_not_null (blob, "%s", error ? error->message : "");
      cr_expect_eq (warnings != NULL, cases[i].warns, "%s: %s", cases[i].rule, warnings);
    }
}
