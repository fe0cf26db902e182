/* SPDX-License-Identifier: GPL-2.0-or-later
 * A bundle that takes files from the one whose place it takes: only what it knows, and only where
 * nobody can tell the difference. */
#include "lib/bundle.h"
#include "lib/sha256.h"
#include "tests/unit/policy-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_BLOB "kept"

typedef struct
{
  char *dir;
  char *path; /* of the bundle */
  AakFeatures *features;
} Fixture;

static void
fixture_clear (Fixture *f)
{
  aak_tree_remove (f->dir);
  g_free (f->dir);
  g_free (f->path);
  aak_features_free (f->features);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static Fixture
setup (void)
{
  Fixture f = { .dir = g_dir_make_tmp ("aakit-kept-XXXXXX", NULL) };
  f.path = g_build_filename (f.dir, "bundle", NULL);
  f.features = fixture_features ("debian-12-6.1");
  return f;
}

static void
write_policies (const Fixture *f, const AakBundle *old, AakPolicy *kept, AakPolicy *changing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakBundleWriter) writer = aak_bundle_writer_new ("3.0.8");
  aak_bundle_writer_set_old (writer, old);
  aak_bundle_writer_add_features (writer, f->features);
  AakPolicy *policies[] = { kept, changing };
  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    cr_assert (aak_bundle_writer_add (writer, policies[i], aak_features_id (f->features),
                                      "sha256:inputs", policies[i]->name, &error));
  gboolean changed = FALSE;
  cr_assert (aak_bundle_writer_write (writer, f->path, &changed, &error), "%s",
             error != NULL ? error->message : "");
  cr_assert (changed);
}

/* The bundle with the policies "kept" and "changing". */
static void
write_first (const Fixture *f)
{
  g_autoptr (AakPolicy) kept = fixture_policy ("kept", "", "/kept");
  g_autoptr (AakPolicy) changing = fixture_policy ("changing", "", "/first");
  write_policies (f, NULL, kept, changing);
}

static AakPolicy *
load (const Fixture *f, const AakBundle *bundle, guint index)
{
  g_autoptr (GError) error = NULL;
  AakPolicy *policy = aak_bundle_load (bundle, aak_bundle_profiles (bundle)->pdata[index],
                                       aak_features_id (f->features), &error);
  cr_assert_not_null (policy, "%s", error != NULL ? error->message : "");
  return policy;
}

static struct stat
stat_of (const Fixture *f, const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (f->path, dir, name, NULL);
  struct stat st;
  cr_assert (g_lstat (path, &st) == 0, "%s", path);
  return st;
}

static struct stat
stat_kept (const Fixture *f)
{
  return stat_of (f, aak_features_id (f->features), KEPT_BLOB);
}

/* The bundle that is at f->path holds @path in "changing", and "kept" as it was made. */
static void
check (const Fixture *f, const char *path)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read (f->path, NULL);
  cr_assert_not_null (bundle);
  g_autoptr (AakPolicy) changing = load (f, bundle, 0);
  g_autoptr (AakPolicy) kept = load (f, bundle, 1);
  g_autoptr (AakPolicy) wanted_changing = fixture_policy ("changing", "", path);
  g_autoptr (AakPolicy) wanted_kept = fixture_policy ("kept", "", "/kept");
  cr_expect (g_bytes_equal (changing->blob, wanted_changing->blob));
  cr_expect (g_bytes_equal (kept->blob, wanted_kept->blob));
  cr_expect (g_bytes_equal (kept->text, wanted_kept->text));
  cr_expect_eq (fixture_count_entries (f->dir), 1);
  cr_expect_eq (stat_kept (f).st_nlink, 1);
}

Test (bundle_kept, what_was_loaded_is_not_written_again)
{
  g_auto (Fixture) f = setup ();
  write_first (&f);
  struct stat blob = stat_kept (&f), text = stat_of (&f, "text", "kept");
  struct stat changed = stat_of (&f, "text", "changing");
  g_autoptr (AakBundle) old = aak_bundle_read (f.path, NULL);
  g_autoptr (AakPolicy) kept = load (&f, old, 1);
  g_autoptr (AakPolicy) changing = fixture_policy ("changing", "", "/second");
  write_policies (&f, old, kept, changing);
  cr_expect_eq (stat_kept (&f).st_ino, blob.st_ino);
  cr_expect_eq (stat_of (&f, "text", "kept").st_ino, text.st_ino);
  cr_expect_neq (stat_of (&f, "text", "changing").st_ino, changed.st_ino);
  check (&f, "/second");
}

Test (bundle_kept, the_digests_that_are_known_are_those_of_the_bytes)
{
  g_auto (Fixture) f = setup ();
  write_first (&f);
  g_autoptr (AakBundle) old = aak_bundle_read (f.path, NULL);
  g_autoptr (AakPolicy) kept = load (&f, old, 1);
  g_autofree char *blob = aak_sha256_of (kept->blob), *text = aak_sha256_of (kept->text);
  cr_expect_str_eq (kept->sha256, blob);
  cr_expect_str_eq (kept->source, text);
}

/* What happens to the old bundle's file after it was loaded. */
static void
spoil (const Fixture *f, guint how)
{
  g_autofree char *file =
      g_build_filename (f->path, aak_features_id (f->features), KEPT_BLOB, NULL);
  g_autofree char *away = g_build_filename (f->path, "away", NULL);
  switch (how)
    {
    case 0: /* others could write to it */
      cr_assert (g_chmod (file, 0666) == 0);
      break;
    case 1: /* nobody could read it */
      cr_assert (g_chmod (file, 0600) == 0);
      break;
    case 2: /* a link */
      cr_assert (rename (file, away) == 0 && symlink (away, file) == 0);
      break;
    case 3: /* of another size */
      cr_assert (truncate (file, 7) == 0);
      break;
    default: /* gone */
      cr_assert (g_unlink (file) == 0);
    }
}

Test (bundle_kept, a_file_that_is_not_as_it_was_is_written_anew)
{
  for (guint how = 0; how < 5; how++)
    {
      g_auto (Fixture) f = setup ();
      write_first (&f);
      g_autoptr (AakBundle) old = aak_bundle_read (f.path, NULL);
      g_autoptr (AakPolicy) kept = load (&f, old, 1);
      g_autoptr (AakPolicy) changing = fixture_policy ("changing", "", "/second");
      spoil (&f, how);
      write_policies (&f, old, kept, changing);
      struct stat st = stat_kept (&f);
      cr_expect (S_ISREG (st.st_mode), "%u", how);
      cr_expect_eq (st.st_mode & 07777, 0644, "%u", how);
      check (&f, "/second");
    }
}

/* Another build takes the place of the old bundle between the reading and the writing of this one:
 * its file has the same name and the same size. */
Test (bundle_kept, files_come_from_the_bundle_that_was_read)
{
  g_auto (Fixture) f = setup ();
  write_first (&f);
  g_autoptr (AakBundle) old = aak_bundle_read (f.path, NULL);
  g_autoptr (AakPolicy) kept = load (&f, old, 1);
  g_autoptr (AakPolicy) other = fixture_policy ("kept", "", "/tpek");
  g_autoptr (AakPolicy) changing = fixture_policy ("changing", "", "/second");
  cr_assert_eq (g_bytes_get_size (other->blob), g_bytes_get_size (kept->blob));
  write_policies (&f, NULL, other, changing);
  write_policies (&f, old, kept, changing);
  check (&f, "/second");
}

/* Policies of another bundle than the one that is replaced are written. */
Test (bundle_kept, a_policy_of_another_bundle_is_written)
{
  g_auto (Fixture) f = setup ();
  g_auto (Fixture) g = setup ();
  write_first (&f);
  write_first (&g);
  g_autoptr (AakBundle) old = aak_bundle_read (f.path, NULL);
  g_autoptr (AakBundle) stranger = aak_bundle_read (g.path, NULL);
  g_autoptr (AakPolicy) kept = load (&g, stranger, 1);
  g_autoptr (AakPolicy) changing = fixture_policy ("changing", "", "/second");
  struct stat before = stat_kept (&f);
  write_policies (&f, old, kept, changing);
  cr_expect_neq (stat_kept (&f).st_ino, before.st_ino);
  check (&f, "/second");
}
