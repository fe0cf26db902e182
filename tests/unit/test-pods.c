/* SPDX-License-Identifier: GPL-2.0-or-later
 * Tasks, their control groups, and the pods that they are of. */
#include "lib/cgroup.h"
#include "lib/pods.h"
#include "tests/unit/policy-fixture.h"

#define ID    "3f9c0a7be1d24c55a1f0c4b8d7e6f5a43f9c0a7be1d24c55a1f0c4b8d7e6f5a4"
#define OTHER "0000000000000000000000000000000000000000000000000000000000000001"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task/k8s.io/"

static const struct
{
  const char *text;
  const char *id; /* "": none */
} groups[] = {
  { "0::/kubepods/besteffort/pod1/" ID "\n", ID },
  { "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/"
    "cri-containerd-" ID ".scope\n",
    ID },
  { "0::/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope/container\n", ID },
  { "0::/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" ID "\n", ID },
  { "0::/../../pod1/" ID "\n", ID },
  { "0::/kubepods/pod1/" ID " (deleted)\n", ID },
  { "12:pids:/\n3:cpu,cpuacct:/kubepods/pod1/" ID "\n1:name=systemd:/x\n", ID },
  { "12:pids:/kubepods/pod1/" ID "\n0::/system.slice/containerd.service\n", ID },
  /* What a container makes inside of its own group. */
  { "0::/kubepods/pod1/" ID "/" OTHER "\n", ID },
  { "0::/kubepods/pod1/crio-" ID ".scope/cri-containerd-" OTHER ".scope\n", ID },
  { "0::/kubepods/pod1/" ID "/a:b:" OTHER "/0::/" OTHER "\n", ID },
  /* The node's own. */
  { "0::/system.slice/ssh.service\n", "" },
  { "0::/kubepods/pod1/x" ID "\n", "" },
  { "0::/kubepods/pod1/crio-conmon-" ID ".scope\n", "" },
  { "0::/kubepods/pod1/cri-containerd-" ID "\n", "" },
  { "0::/\n", "" },
  { "0::\n", "" },
  { "0:\n", "" },
  { "::::::\n", "" },
  { ID, "" },
  { "", "" },
};

static GHashTable *
two_containers (void)
{
  GHashTable *containers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (containers, (gpointer) ID, (gpointer) ID);
  g_hash_table_insert (containers, (gpointer) OTHER, (gpointer) OTHER);
  return containers;
}

Test (cgroup, names)
{
  g_autoptr (GHashTable) containers = two_containers ();
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      const char *found = aak_cgroup_find (groups[i].text, containers);
      cr_expect_str_eq (found != NULL ? found : "", groups[i].id, "%s", groups[i].text);
    }
}

/* Whatever a container appends to the name of its group, the group stays its own. */
Test (cgroup, nothing_below_counts)
{
  static const char *const words[] = {
    "/", ":", ".scope", "crio-", OTHER, "..", " (deleted)", "x"
  };
  g_autoptr (GHashTable) containers = two_containers ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (int i = 0; i < 2000; i++)
    {
      g_autoptr (GString) text = g_string_new ("0::/kubepods/pod1/" ID "/");
      for (int n = g_rand_int_range (rand, 0, 8); n > 0; n--)
        g_string_append (text, words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
      cr_expect_str_eq (aak_cgroup_find (text->str, containers), ID, "%s", text->str);
    }
}

/* --- tasks ----------------------------------------------------------------------------------- */

static void
put_task (const char *root, const char *task, const char *label, const char *group)
{
  g_autofree char *attr = g_strdup_printf ("/proc/%s/attr/apparmor/current", task);
  g_autofree char *comm = g_strdup_printf ("/proc/%s/comm", task);
  g_autofree char *cgroup = g_strdup_printf ("/proc/%s/cgroup", task);
  fixture_put (root, attr, label);
  fixture_put (root, comm, "nginx\n");
  if (group != NULL)
    fixture_put (root, cgroup, group);
}

static void
put_container (const char *root, const char *id, const char *pod)
{
  g_autofree char *path = g_strconcat (TASKS, id, "/config.json", NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"process\":{\"apparmorProfile\":\"k8s-web\"},\"annotations\":{"
      "\"io.kubernetes.cri.container-name\":\"web\",\"io.kubernetes.cri.sandbox-name\":\"%s\","
      "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
      pod);
  fixture_put (root, path, text);
}

Test (pods, describe)
{
  g_autofree char *root = fixture_node ();
  put_container (root, ID, "web-0");
  put_container (root, OTHER, "we\\u001bb-1");
  put_task (root, "70", "k8s-web (enforce)\n", "0::/kubepods/pod1/" ID "\n");
  put_task (root, "71", "k8s-web (enforce)\n", "0::/user.slice\n");
  put_task (root, "72", "k8s-web//hat (enforce)\n", "0::/kubepods/pod1/" ID "\n");
  put_task (root, "73", "k8s-web (enforce)\n", "0::/kubepods/pod1/" OTHER "\n");
  put_task (root, "74", "k8s-web (enforce)\n", NULL);
  put_task (root, "75", "unconfined\n", "0::/kubepods/pod1/" ID "\n");
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  g_autoptr (GPtrArray) wearers = aak_lsm_tasks (lsm, NULL, NULL);
  g_autoptr (AakPods) pods = aak_pods_new (root);
  cr_assert_eq (wearers->len, 5);
  g_autofree char *all = aak_pods_describe (pods, wearers, 10);
  cr_expect_str_eq (all, "pod shop/web-0, container web: 70 (nginx), 72 (nginx); "
                         "no pod: 71 (nginx), 74 (nginx); "
                         "pod shop/we\\x1bb-1, container web: 73 (nginx)");
  g_autofree char *few = aak_pods_describe (pods, wearers, 2);
  cr_expect_str_eq (few,
                    "pod shop/web-0, container web: 70 (nginx); no pod: 71 (nginx) and 3 more");
  g_autofree char *none = aak_pods_describe (pods, wearers, 0);
  cr_expect_str_eq (none, " and 5 more");
  aak_tree_remove (root);
}

/* A thread that changed its hat is found, and one that wears what its process does counts once. */
Test (pods, threads)
{
  g_autofree char *root = fixture_node ();
  put_task (root, "80", "unconfined\n", NULL);
  put_task (root, "80/task/80", "unconfined\n", NULL);
  put_task (root, "80/task/81", "k8s-web//hat (enforce)\n", NULL);
  put_task (root, "80/task/82", "unconfined\n", NULL);
  put_task (root, "90", "k8s-web (enforce)\n", NULL);
  put_task (root, "90/task/90", "k8s-web (enforce)\n", NULL);
  put_task (root, "90/task/91", "k8s-web (enforce)\n", NULL);
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  guint hidden = 1;
  g_autoptr (GPtrArray) tasks = aak_lsm_tasks (lsm, &hidden, NULL);
  cr_assert_eq (tasks->len, 2);
  cr_expect_eq (((const AakWearer *) tasks->pdata[0])->pid, 81);
  cr_expect_eq (((const AakWearer *) tasks->pdata[1])->pid, 90);
  cr_expect_eq (hidden, 0);
  cr_expect_null (aak_lsm_blind_spot (aak_lsm_root (lsm)));
  aak_tree_remove (root);
}

/* Many processes, each looked at once. */
Test (pods, many_tasks)
{
  g_autofree char *root = fixture_node ();
  g_autofree char *proc = aak_fs_path (root, "/proc");
  put_container (root, ID, "web-0");
  for (int i = 1; i <= 500; i++)
    {
      g_autofree char *dir = g_strdup_printf ("%s/%d/attr", proc, i);
      g_autofree char *path = g_build_filename (dir, "current", NULL);
      cr_assert_eq (g_mkdir_with_parents (dir, 0755), 0);
      cr_assert (g_file_set_contents_full (path, i % 5 == 0 ? "k8s-web (enforce)" : "unconfined",
                                           -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
    }
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  g_autoptr (GPtrArray) tasks = aak_lsm_tasks (lsm, NULL, NULL);
  cr_assert_eq (tasks->len, 100);
  g_autoptr (AakPods) pods = aak_pods_new (root);
  g_autofree char *text = aak_pods_describe (pods, tasks, 3);
  cr_expect_str_eq (text, "no pod: 5 (?), 10 (?), 15 (?) and 97 more");
  aak_tree_remove (root);
}
