/* SPDX-License-Identifier: GPL-2.0-or-later
 * Containers that come and go, bundles that are half written, and very many of them. */
#include "learn/wearers.h"
#include "lib/container-index.h"
#include "lib/fs.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

#define TASKS "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
#define CRIO  "/run/containers/storage/overlay-containers"
#define MANY  5000

static char *
bundle_text (const char *pod, const char *container, const char *label)
{
  return g_strdup_printf (
      "{\"process\":{\"apparmorProfile\":\"%s\"},\"annotations\":{"
      "\"io.kubernetes.cri.container-type\":\"container\","
      "\"io.kubernetes.cri.container-name\":\"%s\",\"io.kubernetes.cri.image-name\":\"i:1\","
      "\"io.kubernetes.cri.sandbox-name\":\"%s\",\"io.kubernetes.cri.sandbox-namespace\":\"n\"}}",
      label, container, pod);
}

static void
put (const char *root, const char *dir, const char *id, const char *file, const char *text)
{
  g_autofree char *place = aak_fs_path (root, dir);
  g_autofree char *path = g_build_filename (place, id, file, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  cr_assert (aak_fs_make_dir (parent, NULL));
  if (text != NULL)
    cr_assert (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

static void
put_container (const char *root, const char *id, const char *pod, const char *label)
{
  g_autofree char *text = bundle_text (pod, "c", label);
  put (root, TASKS, id, "config.json", text);
}

static void
take_away (const char *root, const char *id)
{
  g_autofree char *place = aak_fs_path (root, TASKS);
  g_autofree char *path = g_build_filename (place, id, NULL);
  aak_tree_remove (path);
}

/* "POD=LABEL ..." in the order of the list. */
static char *
listed (AakContainerIndex *index)
{
  const GPtrArray *list = aak_container_index_list (index);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const AakContainer *container = g_ptr_array_index (list, i);
      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", container->pod, container->label);
    }
  return g_string_free (text, FALSE);
}

static void
expect (AakContainerIndex *index, const char *what)
{
  aak_container_index_refresh (index);
  g_autofree char *text = listed (index);
  cr_expect_str_eq (text, what);
}

typedef struct
{
  char *root;
  AakContainerIndex *index;
} Node;

static Node
node_new (void)
{
  Node node = { .root = g_dir_make_tmp ("aakit-index-XXXXXX", NULL) };
  cr_assert_not_null (node.root);
  node.index = aak_container_index_new (node.root);
  aak_container_index_set_grace (node.index, 0);
  return node;
}

static void
node_clear (Node *node)
{
  aak_container_index_free (node->index);
  aak_tree_remove (node->root);
  g_free (node->root);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Node, node_clear)

Test (container_index, they_come_and_go)
{
  g_auto (Node) node = node_new ();
  expect (node.index, "");
  put_container (node.root, "id1", "web", "k8s-web");
  expect (node.index, "web=k8s-web");
  put_container (node.root, "id2", "db", "k8s-db");
  expect (node.index, "db=k8s-db web=k8s-web");
  take_away (node.root, "id1");
  /* A name that is used again. */
  put_container (node.root, "id3", "web", "k8s-web2");
  expect (node.index, "db=k8s-db web=k8s-web2");
  /* An id that is used again. */
  take_away (node.root, "id2");
  put_container (node.root, "id2", "db", "k8s-db2");
  expect (node.index, "db=k8s-db2 web=k8s-web2");
  take_away (node.root, "id2");
  take_away (node.root, "id3");
  expect (node.index, "");
  cr_expect_not (aak_container_index_refresh (node.index));
}

Test (container_index, one_that_is_gone_stays_for_a_while)
{
  g_auto (Node) node = node_new ();
  aak_container_index_set_grace (node.index, (gint64) 3600 * G_USEC_PER_SEC);
  put_container (node.root, "id1", "web", "k8s-web");
  expect (node.index, "web=k8s-web");
  g_autofree char *config = aak_fs_path (node.root, TASKS "/id1/config.json");
  cr_assert_eq (g_unlink (config), 0);
  expect (node.index, "web=k8s-web");
  take_away (node.root, "id1");
  expect (node.index, "web=k8s-web");
  aak_container_index_set_grace (node.index, 0);
  expect (node.index, "");
}

Test (container_index, bundles_that_are_being_written)
{
  g_auto (Node) node = node_new ();
  g_autofree char *text = bundle_text ("web", "c", "k8s-web");
  g_autofree char *half = g_strndup (text, strlen (text) / 2);
  put (node.root, TASKS, "id1", "config.json", NULL);
  expect (node.index, "");
  cr_expect_eq (aak_container_index_problems (node.index)->len, 0);
  put (node.root, TASKS, "id1", "config.json", half);
  expect (node.index, "");
  cr_expect_eq (aak_container_index_problems (node.index)->len, 1);
  put (node.root, TASKS, "id1", "config.json", text);
  expect (node.index, "web=k8s-web");
  cr_expect_eq (aak_container_index_problems (node.index)->len, 0);
}

Test (container_index, late_files_of_old_directories)
{
  g_auto (Node) node = node_new ();
  g_autofree char *text = bundle_text ("web", "c", "k8s-web");
  put (node.root, CRIO, "id1", "userdata/config.json", NULL);
  expect (node.index, "");
  g_usleep (1500000);
  expect (node.index, "");
  put (node.root, CRIO, "id1", "userdata/config.json", text);
  expect (node.index, "web=k8s-web");
}

Test (container_index, very_many_are_read_once)
{
  g_auto (Node) node = node_new ();
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *id = g_strdup_printf ("id%04u", i);
      g_autofree char *pod = g_strdup_printf ("pod-%04u", i);
      put_container (node.root, id, pod, "k8s-many");
    }
  g_usleep (1500000);
  cr_expect (aak_container_index_refresh (node.index));
  cr_expect_eq (aak_container_index_list (node.index)->len, MANY);
  cr_expect_eq (aak_container_index_reads (node.index), MANY);
  for (int i = 0; i < 100; i++)
    cr_expect_not (aak_container_index_refresh (node.index));
  cr_expect_eq (aak_container_index_reads (node.index), MANY);
  put_container (node.root, "one-more", "web", "k8s-web");
  cr_expect (aak_container_index_refresh (node.index));
  cr_expect_eq (aak_container_index_list (node.index)->len, MANY + 1);
  cr_expect_eq (aak_container_index_reads (node.index), MANY + 1);
}

Test (wearers, whose_an_event_is)
{
  g_auto (Node) node = node_new ();
  put_container (node.root, "id1", "web-a", "k8s-web");
  put_container (node.root, "id2", "db", "k8s-db");
  g_autoptr (AakWearers) wearers = aak_wearers_new (node.root);
  AakEventOwner owner = aak_wearers_find (wearers, "k8s-web//null-/bin/sh");
  cr_expect_str_eq (owner.pod, "web-a");
  cr_expect_eq (owner.wearers, 1);
  cr_expect_eq (aak_wearers_find (wearers, "k8s-nope").wearers, 0);
  /* Restarted: another id, the same name. */
  take_away (node.root, "id2");
  put_container (node.root, "id3", "db", "k8s-db");
  /* A second pod under one label. */
  put_container (node.root, "id4", "web-b", "k8s-web");
  put_container (node.root, "id5", "late", "k8s-late");
  g_usleep (600000);
  cr_expect_eq (aak_wearers_find (wearers, "k8s-db").wearers, 1);
  cr_expect_eq (aak_wearers_find (wearers, "k8s-web").wearers, 2);
  cr_expect_str_eq (aak_wearers_find (wearers, "k8s-late").pod, "late");
  /* Its last events are still its own; those of the label that two wore are still nobody's. */
  take_away (node.root, "id1");
  take_away (node.root, "id5");
  g_usleep (600000);
  cr_expect_eq (aak_wearers_find (wearers, "k8s-web").wearers, 2);
  cr_expect_str_eq (aak_wearers_find (wearers, "k8s-late").pod, "late");
}
