/* SPDX-License-Identifier: GPL-2.0-or-later
 * What aakit owns is remembered exactly, without clocks, and a damaged memory is refused. */
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/store.h"
#include "tests/unit/policy-fixture.h"

#include <sys/stat.h>

#define STORE "/var/lib/aakit/registered.yaml"

Test (store, put_write_read_drop)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPolicy) web = fixture_policy ("k8s-web", "", "/a");
  g_autoptr (AakStore) store = aak_store_read (root, &error);
  cr_assert_not_null (store);
  cr_expect_not (aak_store_owns (store, "k8s-web"));
  aak_store_put (store, web);
  cr_assert (aak_store_write (store, &error), "%s", error != NULL ? error->message : "");

  g_autoptr (AakStore) again = aak_store_read (root, &error);
  cr_assert_not_null (again, "%s", error != NULL ? error->message : "");
  const AakStoreEntry *entry = aak_store_find (again, "k8s-web");
  cr_assert_not_null (entry);
  cr_expect_eq (entry->parts->len, 2);
  g_autofree char *hash = aak_policy_blob_hash (web->blob, web->parts->pdata[1], "sha1");
  cr_expect_str_eq (((AakStorePart *) entry->parts->pdata[1])->sha1, hash + 5);

  g_autofree char *path = aak_fs_path (root, STORE);
  struct stat before, after;
  cr_assert (stat (path, &before) == 0);
  cr_assert (aak_store_write (again, &error));
  cr_assert (stat (path, &after) == 0);
  cr_expect_eq (before.st_ino, after.st_ino); /* equal: untouched */
  aak_store_drop (again, "k8s-web");
  cr_expect_not (aak_store_owns (again, "k8s-web"));
  aak_tree_remove (root);
}

Test (store, what_differs_is_put_anew)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakStore) store = aak_store_new (root);
  g_autoptr (AakPolicy) web = fixture_policy ("k8s-web", "", "/a");
  aak_store_put (store, web);
  const AakStoreEntry *first = aak_store_find (store, "k8s-web");
  g_autoptr (AakPolicy) same = fixture_policy ("k8s-web", "", "/a");
  aak_store_put (store, same);
  cr_expect_eq (aak_store_find (store, "k8s-web"), first);

  g_autoptr (AakPolicy) other = fixture_policy ("k8s-web", "", "/b");
  g_autofree char *hash = aak_policy_blob_hash (other->blob, other->parts->pdata[0], "sha1");
  aak_store_put (store, other);
  const AakStoreEntry *entry = aak_store_find (store, "k8s-web");
  cr_expect_str_eq (((AakStorePart *) entry->parts->pdata[0])->sha1, hash + 5);
  g_autoptr (AakPolicy) complain = fixture_policy ("k8s-web", "flags=(complain)", "/b");
  aak_store_put (store, complain);
  cr_expect_eq (aak_store_find (store, "k8s-web")->mode, AAK_MODE_COMPLAIN);
  aak_tree_remove (root);
}

Test (store, serials)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakStore) store = aak_store_new (root);
  g_autoptr (AakPolicy) web = fixture_policy ("k8s-web", "", "/a");
  web->serial = 7; /* which nobody vouches for */
  aak_store_put (store, web);
  cr_expect_eq (aak_store_find (store, "k8s-web")->serial, 0);
  web->verified = TRUE;
  aak_store_put (store, web);
  cr_expect_eq (aak_store_find (store, "k8s-web")->serial, 7);
  g_autoptr (AakPolicy) other = fixture_policy ("k8s-web", "", "/b");
  aak_store_put (store, other);
  cr_expect_eq (aak_store_find (store, "k8s-web")->serial, 7, "nobody's keeps it");
  cr_assert (aak_store_write (store, NULL));
  g_autoptr (AakStore) again = aak_store_read (root, NULL);
  cr_expect_eq (aak_store_find (again, "k8s-web")->serial, 7);
  web->serial = 3;
  aak_store_put (again, web);
  cr_expect_eq (aak_store_find (again, "k8s-web")->serial, 3, "who may lower it is not its matter");
  aak_tree_remove (root);
}

Test (store, learning_marks)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (GError) error = NULL;
  cr_assert (aak_store_add_learning (root, "k8s-web", &error), "%s",
             error != NULL ? error->message : "");
  cr_assert (aak_store_add_learning (root, "odd\nname", &error));
  cr_assert (aak_store_add_learning (root, "k8s-web", &error));
  g_autoptr (AakStore) store = aak_store_read (root, &error);
  cr_expect (aak_store_owns (store, "k8s-web"));
  cr_expect (aak_store_owns (store, "odd\nname"));
  cr_expect_null (aak_store_find (store, "k8s-web"));
  g_autoptr (AakPolicy) web = fixture_policy ("k8s-web", "", "/a");
  aak_store_put (store, web);
  aak_store_drop (store, "k8s-web");
  cr_expect_not (aak_store_owns (store, "k8s-web")); /* registering had taken the mark's place */
  aak_tree_remove (root);
}

Test (store, damage_is_refused)
{
  static const struct
  {
    const char *text;
    int code;
  } rows[] = {
    { "", AAK_ERROR_INVALID },
    { "schema: \"aakit/registered/2\"\nprofiles: []\nlearning: []\n", AAK_ERROR_NEWER_SCHEMA },
    { "schema: \"aakit/registered/1\"\nprofiles: []\n", AAK_ERROR_INVALID },
    { "schema: \"aakit/registered/1\"\nprofiles: {}\nlearning: []\n", AAK_ERROR_INVALID },
    { "schema: \"aakit/registered/1\"\nprofiles: []\nlearning: [\"\\\\q\"]\n", AAK_ERROR_INVALID },
    { "schema: \"aakit/registered/1\"\nprofiles:\n- name: \"x\"\n  mode: \"enforce\"\n"
      "  text: \"../../etc/passwd\"\n  text-sha256: \"\"\n  parts: []\nlearning: []\n",
      AAK_ERROR_INVALID },
    { "schema: \"aakit/registered/1\"\nprofiles:\n- name: \"x\"\n  mode: \"weak\"\n"
      "  text: \"x\"\n  text-sha256: \"\"\n  parts: []\nlearning: []\n",
      AAK_ERROR_INVALID },
  };
  g_autofree char *root = fixture_node ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fixture_put (root, STORE, rows[i].text);
      g_autoptr (GError) error = NULL;
      cr_expect_null (aak_store_read (root, &error), "row %u", i);
      cr_expect (g_error_matches (error, AAK_ERROR, rows[i].code), "row %u: %s", i,
                 error != NULL ? error->message : "");
    }
  aak_tree_remove (root);
}

Test (store, what_was_read_is_put_back)
{
  static const char odd[] =
      "schema: \"aakit/registered/1\"\n# a comment\nprofiles: []\nlearning: []\n";
  g_autofree char *root = fixture_node ();
  g_autofree char *path = aak_fs_path (root, STORE);
  g_autoptr (AakPolicy) web = fixture_policy ("k8s-web", "", "/a");
  for (int there = 0; there < 2; there++)
    {
      if (there)
        fixture_put (root, STORE, odd);
      g_autoptr (AakStore) store = aak_store_read (root, NULL);
      g_autoptr (AakStore) next = aak_store_copy (store);
      aak_store_put (next, web);
      cr_assert (aak_store_write (next, NULL));
      cr_expect_null (aak_store_find (store, "k8s-web"), "a copy is changed by itself");
      cr_assert (aak_store_restore (store, NULL));
      g_autofree char *text = NULL;
      cr_expect_eq (g_file_get_contents (path, &text, NULL, NULL), there);
      cr_expect (!there || strcmp (text, odd) == 0);
    }
  aak_tree_remove (root);
}

Test (store, the_second_holder_is_told)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (GError) error = NULL;
  g_auto (AakFd) first = aak_store_lock (root, 0, &error);
  cr_assert (first >= 0, "%s", error != NULL ? error->message : "");
  g_auto (AakFd) second = aak_store_lock (root, 1, &error);
  cr_expect_lt (second, 0);
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_BUSY));
  g_autofree char *holder = g_strdup_printf (", pid %d, holds ", (int) getpid ());
  cr_expect_not_null (strstr (error->message, holder), "%s", error->message);
  aak_fd_clear (&first);
  g_auto (AakFd) third = aak_store_lock (root, 0, NULL);
  cr_expect (third >= 0);
  aak_tree_remove (root);
}
