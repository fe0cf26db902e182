/* SPDX-License-Identifier: GPL-2.0-or-later
 * Bundles: the same bytes for the same content, whole or not at all, and nothing hostile
 * gets out. */
#include "lib/bundle.h"
#include "lib/error.h"
#include "tests/unit/policy-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *dir;
  char *path; /* of the bundle */
  AakFeatures *features;
  AakPolicy *web;
  AakPolicy *db;
} Fixture;

static void
fixture_clear (Fixture *f)
{
  aak_tree_remove (f->dir);
  g_free (f->dir);
  g_free (f->path);
  aak_features_free (f->features);
  aak_policy_unref (f->web);
  aak_policy_unref (f->db);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static Fixture
setup (void)
{
  Fixture f = { .dir = g_dir_make_tmp ("aakit-bundle-XXXXXX", NULL) };
  f.path = g_build_filename (f.dir, "bundle", NULL);
  f.features = fixture_features ("debian-12-6.1");
  f.web = fixture_policy ("k8s-web", "", "/web");
  f.db = fixture_policy ("/usr/bin/db", "flags=(complain)", "/db");
  return f;
}

static gboolean
write_bundle (const Fixture *f, gboolean web_first, gboolean *out_changed, GError **error)
{
  g_autoptr (AakBundleWriter) writer = aak_bundle_writer_new ("3.0.8");
  const AakPolicy *order[] = { web_first ? f->web : f->db, web_first ? f->db : f->web };
  aak_bundle_writer_add_features (writer, f->features);
  for (int i = 0; i < 2; i++)
    cr_assert (aak_bundle_writer_add (writer, order[i], aak_features_id (f->features),
                                      "sha256:inputs", order[i]->name, error));
  return aak_bundle_writer_write (writer, f->path, out_changed, error);
}

static AakPolicy *
load_first (const Fixture *f, GError **error)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read (f->path, error);
  if (bundle == NULL)
    return NULL;
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  if (profiles->len == 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "empty");
      return NULL;
    }
  return aak_bundle_load (bundle, profiles->pdata[0], aak_features_id (f->features), error);
}

Test (bundle, what_was_written_is_read)
{
  g_auto (Fixture) f = setup ();
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, &error), "%s", error != NULL ? error->message : "");
  cr_expect (changed);
  g_autoptr (AakBundle) bundle = aak_bundle_read (f.path, &error);
  cr_assert_not_null (bundle, "%s", error != NULL ? error->message : "");
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  cr_assert_eq (profiles->len, 2);
  const AakBundleProfile *db = profiles->pdata[0];
  cr_expect_str_eq (db->name, "/usr/bin/db");
  cr_expect_str_eq (db->file, "usr.bin.db");
  cr_expect_eq (db->mode, AAK_MODE_COMPLAIN);
  cr_expect_str_eq (db->children->pdata[0], "/usr/bin/db//hat");
  g_autoptr (AakPolicy) policy = aak_bundle_load (bundle, db, aak_features_id (f.features), &error);
  cr_assert_not_null (policy, "%s", error != NULL ? error->message : "");
  cr_expect (g_bytes_equal (policy->blob, f.db->blob));
  cr_expect (g_bytes_equal (policy->text, f.db->text));
  cr_expect_null (aak_bundle_load (bundle, db, "000000000000", &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}

Test (bundle, the_order_of_additions_does_not_matter)
{
  g_auto (Fixture) f = setup ();
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, &error));
  cr_assert (write_bundle (&f, FALSE, &changed, &error));
  cr_expect_not (changed);
  cr_expect_eq (fixture_count_entries (f.dir), 1);
}

Test (bundle, two_texts_for_one_name_are_refused)
{
  static const char *const names[] = { "k8s-web", "/k8s-web" };
  g_auto (Fixture) f = setup ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AakPolicy) other = fixture_policy (names[i], "", "/other");
      g_autoptr (AakBundleWriter) writer = aak_bundle_writer_new ("3.0.8");
      cr_assert (aak_bundle_writer_add (writer, f.web, "000000000000", NULL, "one", &error));
      cr_expect_not (aak_bundle_writer_add (writer, other, "000000000000", NULL, "two", &error));
      cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      cr_expect_not_null (strstr (error->message, "one"), "%s", error->message);
    }
}

/* --- hostile bundles ------------------------------------------------------------------------- */

static const struct
{
  const char *from;
  const char *to;
  int code;
} manifest_rows[] = {
  { "aakit/bundle/1", "aakit/bundle/2", AAK_ERROR_NEWER_SCHEMA },
  { "aakit/bundle/1", "aakit/state/1", AAK_ERROR_INVALID },
  { "file: \"usr.bin.db\"", "file: \"../../etc/passwd\"", AAK_ERROR_INVALID },
  { "file: \"usr.bin.db\"", "file: \"k8s-web\"", AAK_ERROR_INVALID },
  { "text: \"usr.bin.db\"", "text: \"../manifest.yaml\"", AAK_ERROR_INVALID },
  { "text: \"usr.bin.db\"", "text: \"k8s-web\"", AAK_ERROR_INVALID },
  { "name: \"/usr/bin/db\"", "name: \"/usr/bin/xx\"", AAK_ERROR_INVALID },
  { "name: \"/usr/bin/db\"", "name: \"usr/bin/db\"", AAK_ERROR_INVALID },
  { "mode: \"complain\"", "mode: \"enforce\"", AAK_ERROR_INVALID },
  { "mode: \"complain\"", "mode: \"lax\"", AAK_ERROR_INVALID },
  { "children: [\"/usr/bin/db//hat\"]", "children: []", AAK_ERROR_INVALID },
  { "children: [\"/usr/bin/db//hat\"]", "children: [\"/usr/bin/db//cap\"]", AAK_ERROR_INVALID },
  { "size: ", "size: 9", AAK_ERROR_INVALID },
  { "size: ", "size: -", AAK_ERROR_INVALID },
  { "sha256: \"", "sha256: \"0", AAK_ERROR_INVALID },
  { "source: \"", "source: \"00", AAK_ERROR_INVALID },
  { "- features: \"", "- features: \"../", AAK_ERROR_INVALID },
  { "name: \"k8s-web\"", "name: \"/usr/bin/db\"", AAK_ERROR_INVALID },
  { "profiles:", "profile:", AAK_ERROR_INVALID },
};

Test (bundle, a_manifest_that_lies_is_refused)
{
  g_auto (Fixture) f = setup ();
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, NULL));
  g_autofree char *good = fixture_get (f.path, "/manifest.yaml");
  for (guint i = 0; i < G_N_ELEMENTS (manifest_rows); i++)
    {
      g_autoptr (GString) text = g_string_new (good);
      cr_assert_eq (g_string_replace (text, manifest_rows[i].from, manifest_rows[i].to, 1), 1,
                    "row %u", i);
      fixture_put (f.path, "/manifest.yaml", text->str);
      g_autoptr (GError) error = NULL;
      g_autoptr (AakPolicy) policy = load_first (&f, &error);
      cr_expect_null (policy, "row %u", i);
      cr_expect (error != NULL && error->code == manifest_rows[i].code, "row %u: %s", i,
                 error != NULL ? error->message : "");
    }
}

Test (bundle, a_mutated_manifest_never_gives_other_policy)
{
  g_auto (Fixture) f = setup ();
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, NULL));
  g_autofree char *good = fixture_get (f.path, "/manifest.yaml");
  g_autofree char *manifest = g_build_filename (f.path, "manifest.yaml", NULL);
  gsize len = strlen (good);
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  for (int round = 0; round < 2000; round++)
    {
      g_autofree char *copy = g_strdup (good);
      for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--)
        copy[g_rand_int_range (rand, 0, (gint32) len)] = (char) g_rand_int_range (rand, 1, 256);
      gsize cut = round % 2 == 0 ? len : (gsize) g_rand_int_range (rand, 0, (gint32) len);
      cr_assert (g_file_set_contents (manifest, copy, (gssize) cut, NULL));
      g_autoptr (GError) error = NULL;
      g_autoptr (AakPolicy) policy = load_first (&f, &error);
      cr_assert ((policy == NULL) == (error != NULL));
      if (policy != NULL)
        cr_assert (g_bytes_equal (policy->blob, f.db->blob)
                   || g_bytes_equal (policy->blob, f.web->blob));
    }
}

Test (bundle, blobs_that_are_cut_swapped_or_linked_are_refused)
{
  g_auto (Fixture) f = setup ();
  gboolean changed = FALSE;
  g_autofree char *blob =
      g_build_filename (f.path, aak_features_id (f.features), "usr.bin.db", NULL);
  g_autofree char *away = g_build_filename (f.dir, "away", NULL);
  for (int how = 0; how < 5; how++)
    {
      aak_tree_remove (f.path);
      g_unlink (away);
      cr_assert (write_bundle (&f, TRUE, &changed, NULL));
      if (how == 0)
        cr_assert (truncate (blob, 100) == 0);
      else if (how == 1)
        cr_assert (truncate (blob, 0) == 0);
      else if (how == 2)
        cr_assert (g_file_set_contents (blob, g_bytes_get_data (f.web->blob, NULL),
                                        (gssize) g_bytes_get_size (f.web->blob), NULL));
      else if (how == 3) /* the right bytes, but outside */
        cr_assert (rename (blob, away) == 0 && symlink (away, blob) == 0);
      else
        {
          g_autofree char *text = g_build_filename (f.path, "text", NULL);
          cr_assert (rename (text, away) == 0 && symlink (away, text) == 0);
        }
      g_autoptr (GError) error = NULL;
      g_autoptr (AakPolicy) policy = load_first (&f, &error);
      cr_expect_null (policy, "%d", how);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "%d", how);
    }
}

/* --- trouble while writing ------------------------------------------------------------------- */

Test (bundle, a_full_disk_leaves_the_old_bundle)
{
  g_auto (Fixture) f = setup ();
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, &error));
  g_autofree char *before = fixture_get (f.path, "/manifest.yaml");
  aak_policy_unref (f.web);
  f.web = fixture_policy ("k8s-web", "", "/changed");
  signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit = { 1000, 1000 };
  cr_assert (setrlimit (RLIMIT_FSIZE, &limit) == 0);
  cr_expect_not (write_bundle (&f, TRUE, &changed, &error));
  cr_assert_not_null (error);
  cr_expect_not (changed);
  g_autofree char *after = fixture_get (f.path, "/manifest.yaml");
  cr_expect_str_eq (after, before);
  cr_expect_eq (fixture_count_entries (f.dir), 1);
}

Test (bundle, only_a_bundle_is_replaced)
{
  g_auto (Fixture) f = setup ();
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  fixture_put (f.path, "/precious", "data");
  cr_expect_not (write_bundle (&f, TRUE, &changed, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
  g_autofree char *kept = fixture_get (f.path, "/precious");
  cr_expect_str_eq (kept, "data");
  g_clear_error (&error);
  g_free (f.path);
  f.path = g_strdup ("/proc/bundle");
  cr_expect_not (write_bundle (&f, TRUE, &changed, &error));
  cr_expect_not_null (error);
}

/* Writes two alternating contents for ever. */
static void
write_until_killed (Fixture *f, AakPolicy *other)
{
  for (;;)
    {
      gboolean changed = FALSE;
      AakPolicy *spare = f->web;
      if (!write_bundle (f, TRUE, &changed, NULL))
        _exit (1);
      f->web = other;
      other = spare;
    }
}

Test (bundle, a_killed_build_leaves_a_whole_bundle)
{
  g_auto (Fixture) f = setup ();
  gboolean changed = FALSE;
  cr_assert (write_bundle (&f, TRUE, &changed, NULL));
  g_autoptr (AakPolicy) other = fixture_policy ("k8s-web", "", "/other");
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (int round = 0; round < 60; round++)
    {
      pid_t pid = fork ();
      if (pid == 0)
        write_until_killed (&f, other);
      g_usleep ((gulong) g_rand_int_range (rand, 0, 30000));
      kill (pid, SIGKILL);
      int status = 0;
      cr_assert (waitpid (pid, &status, 0) == pid && WIFSIGNALED (status));
      g_autoptr (GError) error = NULL;
      g_autoptr (AakBundle) bundle = aak_bundle_read (f.path, &error);
      cr_assert_not_null (bundle, "round %d: %s", round, error != NULL ? error->message : "");
      GPtrArray *profiles = aak_bundle_profiles (bundle);
      cr_assert_eq (profiles->len, 2);
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (AakPolicy) policy =
              aak_bundle_load (bundle, profiles->pdata[i], aak_features_id (f.features), &error);
          cr_assert_not_null (policy, "round %d: %s", round, error != NULL ? error->message : "");
        }
    }
  /* What they have left behind goes with the next build that writes. */
  aak_tree_remove (f.path);
  cr_assert (write_bundle (&f, TRUE, &changed, NULL));
  cr_expect_eq (fixture_count_entries (f.dir), 1);
}
