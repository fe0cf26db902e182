/* SPDX-License-Identifier: GPL-2.0-or-later
 * What guards tasks and containers: capabilities by name, /proc/PID, and bundles. */
#include "lib/container-security.h"
#include "lib/error.h"
#include "lib/task-security.h"
#include "tests/unit/policy-fixture.h"

#include <unistd.h>

/* --- capabilities ---------------------------------------------------------------------------- */

Test (capability_set, names)
{
  g_autofree char *usual = aak_capability_set_text (AAK_CAPABILITY_SET_DEFAULT);
  g_autofree char *odd = aak_capability_set_text (G_GUINT64_CONSTANT (1) << 63 | 1);
  g_autofree char *none = aak_capability_set_text (0);
  cr_expect_str_eq (usual, "chown dac_override fowner fsetid kill setgid setuid setpcap "
                           "net_bind_service net_raw sys_chroot mknod audit_write setfcap");
  cr_expect_eq (aak_capability_set_size (AAK_CAPABILITY_SET_DEFAULT), 14);
  cr_expect_str_eq (odd, "chown 63");
  cr_expect_str_eq (none, "");
}

static const struct
{
  char name[32];
  int number; /* -1: none */
} capability_words[] = {
  { "CAP_CHOWN", 0 }, { "cap_sys_admin", 21 }, { "bpf", 39 },       { "CAP_63", 63 },
  { "41", 41 },       { "CAP_64", -1 },        { "CAP_", -1 },      { "", -1 },
  { "-1", -1 },       { "ALL", -1 },           { "CAP_CAP_5", -1 },
};

Test (capability_set, numbers)
{
  for (gsize i = 0; i < G_N_ELEMENTS (capability_words); i++)
    {
      guint number = 99;
      gboolean known = aak_capability_number (capability_words[i].name, &number);
      cr_expect_eq (known, capability_words[i].number >= 0, "%s", capability_words[i].name);
      cr_expect_eq (number, known ? (guint) capability_words[i].number : 99);
    }
}

Test (capability_set, names_and_numbers_are_inverse)
{
  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *name = aak_capability_name (i);
      guint number = 99;
      cr_expect (aak_capability_number (name, &number) && number == i, "%s", name);
    }
}

/* --- /proc/PID/status ------------------------------------------------------------------------ */

#define HEAD "Name:\tsh\nUmask:\t0022\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n"
#define SETS                                                                          \
  "CapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fa\n" \
  "CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000001\n"
#define TAIL "NoNewPrivs:\t1\nSeccomp:\t2\n"

Test (task_status, every_line_is_read)
{
  AakTaskStatus status = { 0 };
  cr_assert (aak_task_status_parse ("s", HEAD SETS TAIL "Seccomp_filters:\t3\n", &status, NULL));
  cr_expect_eq (status.uid, 2);
  cr_expect_eq (status.gid, 6);
  cr_expect_eq (status.sets.inheritable, 0);
  cr_expect_eq (status.sets.permitted, 0xa80425fb);
  cr_expect_eq (status.sets.effective, 0xa80425fa);
  cr_expect_eq (status.sets.bounding, 0xa80425fb);
  cr_expect_eq (status.sets.ambient, 1);
  cr_expect (status.no_new_privs);
  cr_expect_eq (status.seccomp, AAK_SECCOMP_FILTER);
  cr_expect_eq (status.filters, 3);
}

/* The kernel writes a newline of a comm as \n, so what looks like a line of one is a later one. */
Test (task_status, the_first_line_counts)
{
  AakTaskStatus status = { 0 };
  cr_assert (
      aak_task_status_parse ("s", HEAD SETS TAIL "CapEff:\t0\nSeccomp:\t0\n", &status, NULL));
  cr_expect_eq (status.sets.effective, 0xa80425fa);
  cr_expect_eq (status.seccomp, AAK_SECCOMP_FILTER);
  cr_expect_eq (status.filters, 0);
}

static const struct
{
  char text[400];
  char key[12];
} damaged[] = {
  { "", "CapInh" },
  { HEAD TAIL, "CapInh" },
  { SETS TAIL, "Uid" },
  { HEAD SETS "NoNewPrivs:\t2\nSeccomp:\t2\n", "NoNewPrivs" },
  { HEAD SETS "NoNewPrivs:\t1\n", "Seccomp" },
  { HEAD SETS "NoNewPrivs:\t1\nSeccomp:\t3\n", "Seccomp" },
  { "CapInh:\t0x1\n" HEAD SETS TAIL, "CapInh" },
  { "CapPrm:\t11111111111111111\n" HEAD SETS TAIL, "CapPrm" },
  { "Uid:\t1\n" HEAD SETS TAIL, "Uid" },
  { "Gid:\t1\t4294967296\t1\t1\n" HEAD SETS TAIL, "Gid" },
};

Test (task_status, damage_is_told)
{
  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;
      AakTaskStatus status = { 0 };
      cr_expect_not (aak_task_status_parse ("s", damaged[i].text, &status, &error));
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      cr_expect_not_null (strstr (error->message, damaged[i].key), "%s: %s", damaged[i].key,
                          error->message);
    }
}

/* --- a task ---------------------------------------------------------------------------------- */

static void
put_link (const char *root, const char *path, const char *target)
{
  g_autofree char *full = aak_fs_path (root, path);
  g_autofree char *parent = g_path_get_dirname (full);
  cr_assert (aak_fs_make_dir (parent, NULL));
  cr_assert_eq (symlink (target, full), 0);
}

Test (task_security, all_of_a_task)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, "/proc/1/status", HEAD SETS TAIL);
  put_link (root, "/proc/1/ns/net", "net:[4026531840]");
  put_link (root, "/proc/1/ns/user", "user:[4026531837]");
  put_link (root, "/proc/1/ns/pid", "pid:[4026531836]");
  fixture_put (root, "/proc/77/status", HEAD SETS TAIL);
  fixture_put (root, "/proc/77/comm", "a b\n");
  fixture_put (root, "/proc/77/attr/current", "/usr/bin/a (b) (complain)\n");
  fixture_put (root, "/proc/77/uid_map", "         0     100000      65536\n 65536 7 1\n");
  put_link (root, "/proc/77/ns/net", "net:[4026531840]");
  put_link (root, "/proc/77/ns/user", "user:[4026532000]");
  put_link (root, "/proc/77/ns/pid", "net:[4026531836]");
  g_autoptr (AakTaskSecurity) init = aak_task_security_read (root, 1, 1, NULL);
  g_autoptr (AakTaskSecurity) task = aak_task_security_read (root, 77, 77, NULL);
  cr_assert (init != NULL && task != NULL);
  cr_expect_str_eq (task->comm, "a b");
  cr_expect_str_eq (task->label, "/usr/bin/a (b)");
  cr_expect_str_eq (task->mode, "complain");
  cr_expect_str_eq (task->uid_map, "0 100000 65536, 65536 7 1");
  cr_expect_null (init->label);
  cr_expect_eq (aak_namespaces_shared (&task->namespaces, &init->namespaces),
                1u << AAK_NAMESPACE_NETWORK);
  cr_expect_not (aak_task_security_has_node_ids (task, init));
  cr_expect (aak_task_security_has_node_ids (init, init));
  cr_expect (aak_task_security_equal (task, task));
  cr_expect_not (aak_task_security_equal (task, init));
  aak_tree_remove (root);
}

Test (task_security, one_that_is_gone)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_task_security_read (root, 77, 77, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  fixture_put (root, "/proc/78/comm", "x\n");
  cr_expect_null (aak_task_security_read (root, 78, 78, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  aak_tree_remove (root);
}

/* What another security module answers is no label; AppArmor's have a mode, but for unconfined. */
Test (task_security, labels)
{
  static const struct
  {
    const char *file, *text, *label, *mode;
  } rows[] = {
    { "attr/apparmor/current", "k8s-web (enforce)\n", "k8s-web", "enforce" },
    { "attr/apparmor/current", "unconfined\n", "unconfined", NULL },
    { "attr/apparmor/current", "k8s-web//&:ns://unconfined\n", "k8s-web//&:ns://unconfined", NULL },
    { "attr/current", "web (unconfined)\n", "web", "unconfined" },
    { "attr/current", "system_u:system_r:container_t:s0:c1,c2", NULL, NULL },
    { "attr/current", "_\n", NULL, NULL },
    { "attr/current", "unconfined_u:unconfined_r:unconfined_t:s0\n", NULL, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *root = fixture_node ();
      g_autofree char *path = g_build_filename ("/proc/7", rows[i].file, NULL);
      fixture_put (root, "/proc/7/status", HEAD SETS TAIL);
      fixture_put (root, path, rows[i].text);
      g_autoptr (AakTaskSecurity) task = aak_task_security_read (root, 7, 7, NULL);
      cr_assert_not_null (task);
      cr_expect_eq (g_strcmp0 (task->label, rows[i].label), 0, "%s", rows[i].text);
      cr_expect_eq (g_strcmp0 (task->mode, rows[i].mode), 0, "%s", rows[i].text);
      aak_tree_remove (root);
    }
}

Test (task_security, threads_ascend_and_are_told_of)
{
  static const char *const ids[] = { "90", "100", "9", "x", "80" };
  static const guint wanted[] = { 80, 9, 90, 100 };
  g_autofree char *root = fixture_node ();
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/80/task/%s/comm", ids[i]);
      fixture_put (root, path, "x\n");
    }
  fixture_put (root, "/proc/81/task", "no directory\n");
  g_autoptr (GArray) threads = aak_task_security_threads (root, 80, &error);
  cr_assert_not_null (threads, "%s", error != NULL ? error->message : "");
  cr_assert_eq (threads->len, G_N_ELEMENTS (wanted));
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    cr_expect_eq (g_array_index (threads, guint, i), wanted[i]);
  cr_expect_null (aak_task_security_threads (root, 81, &error));
  cr_expect_not (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  cr_expect_null (aak_task_security_threads (root, 82, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  aak_tree_remove (root);
}

/* On the machine that the test runs on: what the kernel says of the test itself. */
Test (task_security, of_the_running_kernel)
{
  guint pid = (guint) getpid ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AakTaskSecurity) task = aak_task_security_read ("/", pid, pid, &error);
  cr_assert_not_null (task, "%s", error != NULL ? error->message : "");
  g_autoptr (GArray) threads = aak_task_security_threads ("/", pid, &error);
  cr_assert_not_null (threads, "%s", error != NULL ? error->message : "");
  cr_expect_eq (task->status.uid, geteuid ());
  cr_expect_eq (task->status.gid, getegid ());
  cr_expect_neq (task->namespaces.inode[AAK_NAMESPACE_USER], 0);
  cr_expect_geq (threads->len, 1);
  cr_expect_eq (g_array_index (threads, guint, 0), pid);
}

/* --- a bundle -------------------------------------------------------------------------------- */

static const char bundle_text[] =
    "{\"process\":{\"user\":{\"uid\":7,\"gid\":8},\"noNewPrivileges\":true,\"apparmorProfile\":\"web\","
    "\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_WARP\",5,null],\"effective\":[\"CAP_CHOWN\"]}},"
    "\"root\":{\"path\":\"rootfs\",\"readonly\":true},"
    "\"mounts\":[{\"destination\":\"/sys\",\"type\":\"sysfs\",\"source\":\"sysfs\",\"options\":[\"ro\"]},"
    "{\"destination\":\"/etc/hosts\",\"source\":\"/x/hosts\",\"options\":[\"rw\"]},"
    "{\"destination\":\"/host\",\"source\":\"/\",\"options\":[\"rbind\",\"ro\",\"rw\"]},"
    "{\"destination\":\"/opt\",\"source\":\"/opt\",\"options\":[\"rbind\",\"ro\"]},"
    "{\"destination\":\"/data\",\"source\":\"/var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/d\"}],"
    "\"linux\":{\"maskedPaths\":[\"/proc/kcore\"],\"readonlyPaths\":[\"/proc/sys\"],"
    "\"sysctl\":{\"kernel.msgmax\":\"1\"},"
    "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/p\"},"
    "{\"type\":\"warp\"},7],"
    "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\",\"write\"]},"
    "{\"names\":[\"read\",3]}]}},"
    "\"annotations\":{\"io.kubernetes.cri.sandbox-id\":\"abc\"}}";

static AakContainerSecurity *
parse_bundle (const char *text)
{
  g_autoptr (GBytes) json = g_bytes_new_static (text, strlen (text));
  return aak_container_security_parse ("config.json", json, NULL);
}

Test (container_security, all_of_a_bundle)
{
  g_autoptr (AakContainerSecurity) bundle = parse_bundle (bundle_text);
  cr_assert_not_null (bundle);
  cr_expect_eq (bundle->uid, 7);
  cr_expect_eq (bundle->gid, 8);
  cr_expect_eq (bundle->sets.bounding, 1);
  cr_expect_eq (bundle->sets.effective, 1);
  cr_expect (bundle->no_new_privs && bundle->readonly_rootfs && bundle->masks_paths
             && bundle->protects_paths && !bundle->writable_sysfs);
  cr_expect_str_eq (bundle->label, "web");
  cr_expect_str_eq (bundle->seccomp_action, "SCMP_ACT_ERRNO");
  cr_expect_eq (bundle->seccomp_calls, 2);
  cr_expect_eq (bundle->sysctls->len, 1);
  cr_expect_str_eq (bundle->sandbox, "abc");
  cr_assert_eq (bundle->host_mounts->len, 2);
  cr_expect_not (((AakHostMount *) bundle->host_mounts->pdata[0])->readonly);
  cr_expect (((AakHostMount *) bundle->host_mounts->pdata[1])->readonly);
  cr_expect_not (aak_container_security_is_privileged (bundle));
}

Test (container_security, namespaces_of_the_sandbox)
{
  g_autoptr (AakContainerSecurity) bundle = parse_bundle (bundle_text);
  g_autoptr (AakContainerSecurity) alone = parse_bundle ("{}");
  guint unknown = ~0u;
  guint host = aak_container_security_host_namespaces (bundle, alone, &unknown);
  cr_expect_eq (unknown, 0);
  cr_expect ((host >> AAK_NAMESPACE_NETWORK & 1) == 1);
  cr_expect ((host >> AAK_NAMESPACE_IPC & 1) == 1);
  cr_expect ((host >> AAK_NAMESPACE_PID & 1) == 0);
  host = aak_container_security_host_namespaces (bundle, NULL, &unknown);
  cr_expect ((host >> AAK_NAMESPACE_NETWORK & 1) == 0);
  cr_expect_eq (unknown, 1u << AAK_NAMESPACE_NETWORK);
  host = aak_container_security_host_namespaces (alone, NULL, &unknown);
  cr_expect_eq (unknown, 0);
}

static const char *const odd_bundles[] = {
  "{}",
  "{\"process\":[],\"linux\":7,\"root\":null,\"mounts\":{},\"annotations\":[]}",
  "{\"process\":{\"user\":{\"uid\":-1,\"gid\":4294967296},\"capabilities\":{\"bounding\":\"ALL\"},"
  "\"noNewPrivileges\":\"yes\"},\"mounts\":[null,[],{\"destination\":3},{\"source\":\"/\"}],"
  "\"linux\":{\"seccomp\":[],\"namespaces\":[null],\"sysctl\":[],\"maskedPaths\":\"x\"}}",
};

Test (container_security, other_types_are_as_if_missing)
{
  for (gsize i = 0; i < G_N_ELEMENTS (odd_bundles); i++)
    {
      g_autoptr (AakContainerSecurity) bundle = parse_bundle (odd_bundles[i]);
      cr_assert_not_null (bundle, "%s", odd_bundles[i]);
      cr_expect (bundle->uid == 0 && bundle->gid == 0 && bundle->sets.bounding == 0);
      cr_expect (!bundle->no_new_privs && bundle->host_mounts->len == 0);
      cr_expect_null (bundle->seccomp_action);
    }
  cr_expect_null (parse_bundle ("[]"));
  cr_expect_null (parse_bundle (""));
  cr_expect_null (parse_bundle ("{\"a\":\"\xff\"}"));
}

Test (container_security, the_sandbox_lies_beside_it)
{
  g_autofree char *root = fixture_node ();
  g_autofree char *own = aak_fs_path (root, "/run/c/abc");
  g_autofree char *nested = aak_fs_path (root, "/run/c/def/userdata");
  fixture_put (root, "/run/c/box/config.json", "{\"process\":{\"user\":{\"uid\":5}}}");
  fixture_put (root, "/run/c/box/userdata/config.json", "{\"process\":{\"user\":{\"uid\":6}}}");
  AakContainer plain = { .id = (char *) "abc", .bundle = own };
  AakContainer crio = { .id = (char *) "def", .bundle = nested };
  AakContainerSecurity of = { .sandbox = (char *) "box" };
  AakContainerSecurity out = { .sandbox = (char *) "../c/box" };
  g_autoptr (AakContainerSecurity) first = aak_container_security_read_sandbox (&plain, &of, NULL);
  g_autoptr (AakContainerSecurity) second = aak_container_security_read_sandbox (&crio, &of, NULL);
  cr_assert (first != NULL && second != NULL);
  cr_expect_eq (first->uid, 5);
  cr_expect_eq (second->uid, 6);
  cr_expect_null (aak_container_security_read_sandbox (&plain, &out, NULL));
  AakContainerSecurity gone = { .sandbox = (char *) "gone" };
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_container_security_read_sandbox (&plain, &gone, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  aak_tree_remove (root);
}
