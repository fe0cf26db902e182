/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's AppArmor as seen below a root, and the recording that plays it. */
#include "lib/error.h"
#include "lib/lsm-raw.h"
#include "tests/unit/policy-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define DIR "/sys/kernel/security/apparmor"

static AakLsm *
open_lsm (const char *root)
{
  g_autoptr (GError) error = NULL;
  AakLsm *lsm = aak_lsm_open (root, &error);
  cr_assert_not_null (lsm, "%s", error != NULL ? error->message : "");
  return lsm;
}

Test (lsm, off_is_told_with_what_to_do)
{
  static const struct
  {
    const char *file;
    const char *content;
    const char *told;
  } rows[] = {
    { "/etc/x", "", "no AppArmor" },
    { "/sys/module/apparmor/parameters/enabled", "N\n", "disabled" },
    { "/sys/module/apparmor/parameters/enabled", "Y\n", "mount -t securityfs" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *root = g_dir_make_tmp ("aakit-lsm-XXXXXX", NULL);
      fixture_put (root, rows[i].file, rows[i].content);
      g_autoptr (GError) error = NULL;
      cr_expect_null (aak_lsm_open (root, &error));
      cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_APPARMOR_OFF));
      cr_expect_not_null (strstr (error->message, rows[i].told), "%s", error->message);
      cr_expect_eq (aak_error_exit_code (error), AAK_EXIT_PRIVILEGE);
      aak_tree_remove (root);
    }
}

Test (lsm, a_recording_says_so)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  cr_assert_not_null (aak_lsm_note (lsm));
  cr_expect_not_null (strstr (aak_lsm_note (lsm), "holds a recording of a kernel, not a kernel"));
  aak_tree_remove (root);
}

Test (lsm, load_list_replace_remove)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autoptr (AakPolicy) one = fixture_policy ("/usr/bin/db", "flags=(complain)", "/one");
  g_autoptr (AakPolicy) two = fixture_policy ("/usr/bin/db", "", "/two");
  g_autoptr (GError) error = NULL;
  cr_assert (aak_lsm_replace (lsm, one->blob, &error), "%s", error != NULL ? error->message : "");
  g_autofree char *name = fixture_get (root, DIR "/policy/profiles/usr.bin.db.1/name");
  g_autofree char *child =
      fixture_get (root, DIR "/policy/profiles/usr.bin.db.1/profiles/hat.2/name");
  cr_expect_str_eq (name, "/usr/bin/db");
  cr_expect_str_eq (child, "hat");

  cr_assert (aak_lsm_replace (lsm, two->blob, &error));
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, &error);
  cr_assert_eq (list->len, 2);
  const AakLoaded *loaded = aak_lsm_find (list, "/usr/bin/db");
  cr_assert_not_null (loaded);
  cr_expect_eq (loaded->mode, AAK_MODE_ENFORCE);
  g_autofree char *hash = aak_policy_blob_hash (two->blob, two->parts->pdata[0], "sha256");
  cr_expect_str_eq (loaded->hash, hash);
  cr_expect_not_null (aak_lsm_find (list, "/usr/bin/db//hat"));
  cr_expect_null (aak_lsm_find (list, "hat"));
  g_autoptr (AakLsmRaw) raws = aak_lsm_raw_new ();
  const AakBlobProfile *part = two->parts->pdata[0];
  g_autoptr (GBytes) raw = aak_lsm_raw_get (raws, loaded);
  g_autoptr (GBytes) alone =
      g_bytes_new_from_bytes (two->blob, part->start, part->end - part->start);
  cr_assert_not_null (raw);
  cr_expect (g_bytes_equal (raw, alone));
  g_autofree char *lines = fixture_get (root, DIR "/profiles");
  cr_expect_str_eq (lines, "/usr/bin/db (enforce)\n/usr/bin/db//hat (enforce)");
  g_autofree char *revision = fixture_get (root, DIR "/revision");
  cr_expect_str_eq (revision, "9");

  cr_assert (aak_lsm_remove (lsm, "/usr/bin/db", &error));
  g_autoptr (GPtrArray) empty = aak_lsm_list (lsm, &error);
  cr_expect_eq (empty->len, 0);
  cr_expect_not (aak_lsm_remove (lsm, "/usr/bin/db", &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  aak_tree_remove (root);
}

Test (lsm, a_recorded_kernel_keeps_its_kind_of_hash)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, DIR "/policy/profiles/old.41/name", "old\n");
  fixture_put (root, DIR "/policy/profiles/old.41/mode", "enforce\n");
  fixture_put (root, DIR "/policy/profiles/old.41/sha1", "00\n");
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  cr_assert (aak_lsm_replace (lsm, web->blob, NULL));
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  const AakLoaded *loaded = aak_lsm_find (list, "web");
  cr_assert_not_null (loaded);
  cr_expect (g_str_has_prefix (loaded->hash, "sha1:"));
  cr_expect (g_str_has_suffix (loaded->path, "web.42"), "%s", loaded->path);
  aak_tree_remove (root);
}

/* The kernel's rule: a good profile that is followed by a broken one is not loaded either. */
Test (lsm, all_or_nothing)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  gsize len = g_bytes_get_size (web->blob);
  for (gsize cut = 0; cut < len; cut += 97)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_byte_array_append (bytes, g_bytes_get_data (web->blob, NULL),
                           (guint) (cut > 500 ? len : 0));
      g_byte_array_append (bytes, g_bytes_get_data (web->blob, NULL), (guint) cut);
      g_autoptr (GBytes) blob = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      g_autoptr (GError) error = NULL;
      cr_assert_not (aak_lsm_replace (lsm, blob, &error), "%zu", cut);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
      cr_assert_eq (list->len, 0);
    }
  g_autofree char *revision = fixture_get (root, DIR "/revision");
  cr_expect_str_eq (revision, "7");
  aak_tree_remove (root);
}

Test (lsm, a_write_that_fails_changes_nothing)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autofree char *replace = aak_fs_path (root, DIR "/.replace");
  cr_assert (symlink ("/dev/full", replace) == 0);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  g_autoptr (GError) error = NULL;
  cr_expect_not (aak_lsm_replace (lsm, web->blob, &error));
  cr_assert_not_null (error);
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  cr_expect_eq (list->len, 0);
  g_autofree char *policy = aak_fs_path (root, DIR "/policy");
  cr_expect_eq (fixture_count_entries (policy), 1);
  aak_tree_remove (root);
}

Test (lsm, a_disk_that_fills_up_leaves_no_part)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autofree char *earlier = g_strnfill (99000, 'x');
  fixture_put (root, DIR "/.replace", earlier);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit = { 100000, 100000 };
  cr_assert (setrlimit (RLIMIT_FSIZE, &limit) == 0);
  g_autoptr (GError) error = NULL;
  cr_expect_not (aak_lsm_replace (lsm, web->blob, &error));
  g_autofree char *after = fixture_get (root, DIR "/.replace");
  cr_expect_str_eq (after, earlier);
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  cr_expect_eq (list->len, 0);
  aak_tree_remove (root);
}

Test (lsm, labels)
{
  static const struct
  {
    const char *label;
    const char *name;
    gboolean has;
  } rows[] = {
    { "k8s-web (enforce)", "k8s-web", TRUE },
    { "k8s-web", "k8s-web", TRUE },
    { "k8s-web2 (enforce)", "k8s-web", FALSE },
    { "k8s-web//null-/bin/sh (complain)", "k8s-web", TRUE },
    { "runc//&k8s-web (enforce)", "k8s-web", TRUE },
    { "k8s-web//&:ns:x (mixed)", "k8s-web", TRUE },
    { "x//k8s-web (enforce)", "k8s-web", FALSE },
    { "odd (name) (enforce)", "odd (name)", TRUE },
    { "unconfined", "k8s-web", FALSE },
    { "", "k8s-web", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    cr_expect_eq (aak_lsm_label_has (rows[i].label, rows[i].name), rows[i].has, "%s",
                  rows[i].label);
}

/* A thread may wear another label than its process: where they cannot be listed, it may be any. */
Test (lsm, threads_that_cannot_be_listed_are_hidden)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, "/proc/9/attr/apparmor/current", "unconfined\n");
  fixture_put (root, "/proc/10/attr/apparmor/current", "unconfined\n");
  fixture_put (root, "/proc/10/task", "not a directory");
  g_autoptr (AakLsm) lsm = open_lsm (root);
  guint hidden = 0;
  g_autoptr (GPtrArray) tasks = aak_lsm_tasks (lsm, &hidden, NULL);
  cr_expect_eq (tasks->len, 0);
  cr_expect_eq (hidden, 1);
  aak_tree_remove (root);
}

Test (lsm, wearers_are_found)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, "/proc/120/attr/apparmor/current", "k8s-web//hat (enforce)\n");
  fixture_put (root, "/proc/120/comm", "ng\033inx\n");
  fixture_put (root, "/proc/9/attr/current", "k8s-web (enforce)\n");
  fixture_put (root, "/proc/10/attr/apparmor/current", "unconfined\n");
  fixture_put (root, "/proc/sys/attr/current", "k8s-web (enforce)\n");
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autoptr (GPtrArray) wearers = aak_lsm_tasks (lsm, NULL, NULL);
  cr_assert_eq (wearers->len, 2);
  const AakWearer *first = wearers->pdata[0], *second = wearers->pdata[1];
  cr_expect_eq (first->pid, 9);
  cr_expect_eq (second->pid, 120);
  cr_expect_str_eq (second->label, "k8s-web//hat");
  cr_expect_str_eq (second->comm, "ng\\x1binx");
  aak_tree_remove (root);
}

Test (lsm, the_kernel_is_looked_at_anew_in_another_moment)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = open_lsm (root);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  cr_assert (aak_lsm_replace (lsm, web->blob, NULL));
  cr_expect_null (aak_lsm_moment (lsm)); /* no boot is told */
  fixture_put (root, "/proc/sys/kernel/random/boot_id", "b\n");
  g_autofree char *first = aak_lsm_moment (lsm), *again = aak_lsm_moment (lsm);
  cr_assert_not_null (first);
  cr_expect_str_eq (first, again);

  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  g_autoptr (GPtrArray) same = aak_lsm_list (lsm, NULL);
  cr_expect_eq (list, same);
  g_autoptr (AakPolicy) other = fixture_policy ("web", "", "/b");
  cr_assert (aak_lsm_replace (lsm, other->blob, NULL));
  g_autofree char *later = aak_lsm_moment (lsm);
  cr_expect_str_neq (first, later);
  g_autoptr (GPtrArray) anew = aak_lsm_list (lsm, NULL);
  cr_expect_str_neq (aak_lsm_find (list, "web")->hash, aak_lsm_find (anew, "web")->hash);
  aak_tree_remove (root);
}
