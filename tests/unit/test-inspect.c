/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is told of containers: verdicts, mounts, the table. */
#include "learn/mount-table.h"
#include "learn/pod-security.h"
#include "learn/side-table.h"

#include <criterion/criterion.h>
#include <linux/capability.h>
#include <string.h>

#define BIT(number) (G_GUINT64_CONSTANT (1) << (number))

/* --- verdicts -------------------------------------------------------------------------------- */

/* A container that keeps all controls, and one thing that is otherwise. */
typedef struct
{
  AakContainer container;
  AakContainerSecurity asked, sandbox;
  AakTaskSecurity task;
  AakTaskGroup group;
  AakInspected inspected;
} Model;

static Model *
model_new (void)
{
  Model *model = g_new0 (Model, 1);
  guint pid = 7;
  model->container.volumes = aak_volumes_new ();
  model->asked.no_new_privs = TRUE;
  model->asked.label = (char *) "k8s-web";
  model->asked.seccomp_action = (char *) "SCMP_ACT_ERRNO";
  model->asked.uid = 5;
  model->asked.masks_paths = model->asked.protects_paths = TRUE;
  model->asked.own_namespaces = ~0u;
  model->sandbox.sysctls = g_ptr_array_new ();
  model->asked.host_mounts = g_ptr_array_new ();
  model->task.status = (AakTaskStatus){ .uid = 5,
                                        .no_new_privs = TRUE,
                                        .seccomp = AAK_SECCOMP_FILTER,
                                        .filters = 1 };
  model->task.label = (char *) "k8s-web";
  model->task.mode = (char *) "enforce";
  model->group.task = &model->task;
  model->group.pids = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (model->group.pids, pid);
  model->inspected.container = &model->container;
  model->inspected.asked = &model->asked;
  model->inspected.sandbox = &model->sandbox;
  model->inspected.groups = g_ptr_array_new ();
  g_ptr_array_add (model->inspected.groups, &model->group);
  model->inspected.mounts = g_array_new (FALSE, FALSE, sizeof (AakInspectedMount));
  return model;
}

static void
model_free (Model *model)
{
  aak_volumes_free (model->container.volumes);
  g_ptr_array_unref (model->sandbox.sysctls);
  g_ptr_array_unref (model->asked.host_mounts);
  g_array_unref (model->group.pids);
  g_ptr_array_unref (model->inspected.groups);
  g_array_unref (model->inspected.mounts);
  g_free (model);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)

static void
make_nothing (Model *model)
{
  (void) model;
}

static void
make_host_pid (Model *model)
{
  model->asked.own_namespaces &= ~(1u << AAK_NAMESPACE_PID);
}

static void
make_privileged (Model *model)
{
  model->asked.masks_paths = model->asked.protects_paths = FALSE;
  model->asked.writable_sysfs = TRUE;
}

static void
make_unmasked (Model *model)
{
  model->asked.masks_paths = FALSE;
}

static void
make_admin (Model *model)
{
  model->task.status.sets.inheritable = BIT (CAP_SYS_ADMIN);
}

static void
make_default (Model *model)
{
  model->task.status.sets.bounding = AAK_CAPABILITY_SET_DEFAULT;
}

static void
make_bind (Model *model)
{
  model->task.status.sets.bounding = BIT (CAP_NET_BIND_SERVICE);
}

static void
make_unknown_capability (Model *model)
{
  model->task.status.sets.bounding = BIT (63);
}

static void
make_unconfined (Model *model)
{
  model->task.label = (char *) "unconfined";
  model->task.mode = NULL;
}

static void
make_hidden_label (Model *model)
{
  model->task.label = NULL;
}

static void
make_root (Model *model)
{
  model->task.status.uid = 0;
}

static void
make_inner_root (Model *model)
{
  model->task.uid_map = (char *) "0 100000 65536";
  model->task.status.uid = 100000;
}

static void
make_outer_root (Model *model)
{
  model->task.uid_map = (char *) "1000 0 1";
  model->task.status.uid = 0;
}

static void
make_own_filter (Model *model)
{
  model->asked.seccomp_action = NULL;
}

static void
make_no_filter (Model *model)
{
  model->task.status.seccomp = AAK_SECCOMP_OFF;
}

static void
make_own_nnp (Model *model)
{
  model->asked.no_new_privs = FALSE;
}

static void
make_sysctl (Model *model)
{
  g_ptr_array_add (model->sandbox.sysctls, (gpointer) "net.ipv4.tcp_syncookies");
  g_ptr_array_add (model->sandbox.sysctls, (gpointer) "kernel.msgmax");
}

static void
make_safe_sysctl (Model *model)
{
  g_ptr_array_add (model->sandbox.sysctls, (gpointer) "net.ipv4.tcp_rmem");
}

static void
make_no_sandbox (Model *model)
{
  model->inspected.sandbox = NULL;
}

static void
make_spc (Model *model)
{
  model->asked.selinux_label = (char *) "system_u:system_r:spc_t:s0";
}

static void
make_container_t (Model *model)
{
  model->asked.selinux_label = (char *) "system_u:system_r:container_t:s0:c1,c2";
}

static void
make_host_path (Model *model)
{
  static AakHostMount etc = { (char *) "/e\ntc", (char *) "/etc", FALSE };
  AakInspectedMount mount = { &etc, TRUE };
  g_array_append_val (model->inspected.mounts, mount);
}

static void
make_claim (Model *model)
{
  aak_volumes_add (model->container.volumes, "/data", AAK_VOLUME_PERSISTENT);
}

static void
make_unreadable (Model *model)
{
  model->inspected.asked = NULL;
}

static void
make_stopped (Model *model)
{
  g_ptr_array_set_size (model->inspected.groups, 0);
}

/* What is not "holds", as "LEVEL/CONTROL=VERDICT"; "" where all is. */
static const struct
{
  void (*make) (Model *model);
  char wanted[400];
} verdicts[] = {
  { make_nothing, "" },
  { make_stopped, "" },
  { make_host_pid, "baseline/host-namespaces=fails" },
  { make_privileged, "baseline/privileged=fails baseline/proc-mount=fails" },
  { make_unmasked, "baseline/proc-mount=fails" },
  { make_admin, "baseline/capabilities=fails restricted/capabilities=fails" },
  { make_default, "restricted/capabilities=fails" },
  { make_bind, "" },
  { make_unknown_capability, "baseline/capabilities=fails restricted/capabilities=fails" },
  { make_unconfined, "baseline/apparmor=fails" },
  { make_hidden_label, "baseline/apparmor=unknown" },
  { make_root, "restricted/run-as-non-root=fails" },
  { make_inner_root, "restricted/run-as-non-root=fails" },
  { make_outer_root, "" },
  { make_own_filter, "baseline/seccomp=unknown restricted/seccomp=fails" },
  { make_no_filter, "baseline/seccomp=unknown restricted/seccomp=fails" },
  { make_own_nnp, "restricted/privilege-escalation=fails" },
  { make_sysctl, "baseline/sysctls=fails" },
  { make_safe_sysctl, "" },
  { make_no_sandbox, "baseline/sysctls=unknown" },
  { make_spc, "baseline/selinux=fails" },
  { make_container_t, "" },
  { make_host_path, "baseline/host-path=fails restricted/volume-types=fails" },
  { make_claim, "restricted/volume-types=unknown" },
  { make_unreadable,
    "baseline/host-namespaces=unknown baseline/privileged=unknown baseline/host-path=unknown "
    "baseline/selinux=unknown baseline/proc-mount=unknown "
    "restricted/volume-types=unknown restricted/privilege-escalation=unknown" },
};

Test (pod_security, each_control)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      g_autoptr (Model) model = model_new ();
      g_autoptr (GString) got = g_string_new (NULL);
      verdicts[i].make (model);
      AakSecurityView view = aak_security_view (&model->inspected);
      g_autoptr (GPtrArray) findings = aak_pod_security_judge (&view, AAK_LEVEL_RESTRICTED);
      AakVerdict worst = AAK_VERDICT_HOLDS;
      for (guint k = 0; k < findings->len; k++)
        {
          const AakFinding *finding = findings->pdata[k];
          worst = MAX (worst, finding->verdict);
          cr_expect (finding->why == NULL || strchr (finding->why, '\n') == NULL);
          if (finding->verdict != AAK_VERDICT_HOLDS)
            g_string_append_printf (got, "%s%s/%s=%s", got->len > 0 ? " " : "",
                                    aak_level_name (finding->control->level), finding->control->id,
                                    aak_verdict_name (finding->verdict));
        }
      cr_expect_str_eq (got->str, verdicts[i].wanted, "%zu: %s", i, got->str);
      cr_expect_eq (aak_pod_security_sum (findings, AAK_LEVEL_RESTRICTED), worst);
    }
}

Test (pod_security, levels)
{
  g_autoptr (Model) model = model_new ();
  AakSecurityView view = aak_security_view (&model->inspected);
  g_autoptr (GPtrArray) findings = aak_pod_security_judge (&view, AAK_LEVEL_BASELINE);
  AakLevel level = AAK_LEVEL_BASELINE;
  for (guint i = 0; i < findings->len; i++)
    cr_expect_eq (((const AakFinding *) findings->pdata[i])->control->level, AAK_LEVEL_BASELINE);
  cr_expect (aak_level_parse ("restricted", &level) && level == AAK_LEVEL_RESTRICTED);
  cr_expect_not (aak_level_parse ("privileged", &level));
}

/* --- the view -------------------------------------------------------------------------------- */

/* One weak task is enough. */
Test (security_view, the_weakest_counts)
{
  g_autoptr (Model) model = model_new ();
  AakTaskSecurity weak = { .label = (char *) "unconfined" };
  weak.status = (AakTaskStatus){ .uid = 0, .sets.ambient = BIT (CAP_CHOWN) };
  AakTaskGroup other = { &weak, model->group.pids };
  g_ptr_array_add (model->inspected.groups, &other);
  for (int i = 0; i < 2; i++)
    {
      AakSecurityView view = aak_security_view (&model->inspected);
      cr_expect (view.running && view.root && view.lost && !view.no_new_privs);
      cr_expect_eq (view.apparmor, AAK_GUARD_OFF);
      cr_expect_eq (view.seccomp, AAK_SECCOMP_OFF);
      cr_expect_eq (aak_security_view_reach (&view), BIT (CAP_CHOWN));
      gpointer first = g_ptr_array_steal_index (model->inspected.groups, 0);
      g_ptr_array_add (model->inspected.groups, first);
    }
}

Test (security_view, who_chose_the_profile)
{
  static const struct
  {
    const char *label;
    AakOrigin origin;
  } rows[] = { { NULL, AAK_ORIGIN_NONE },
               { "cri-containerd.apparmor.d", AAK_ORIGIN_DEFAULT },
               { "crio-default", AAK_ORIGIN_DEFAULT },
               { "k8s-web", AAK_ORIGIN_STATED } };
  g_autoptr (Model) model = model_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      model->asked.label = (char *) rows[i].label;
      cr_expect_eq (aak_security_view (&model->inspected).origin, rows[i].origin);
    }
  model->inspected.asked = NULL;
  cr_expect_eq (aak_security_view (&model->inspected).origin, AAK_ORIGIN_UNKNOWN);
}

/* Links that cannot be read are no sign of namespaces of one's own. */
Test (security_view, namespaces_that_are_not_told)
{
  g_autoptr (Model) model = model_new ();
  AakTaskSecurity init = { 0 };
  model->inspected.init = &init;
  model->inspected.asked = NULL;
  init.namespaces.inode[AAK_NAMESPACE_NETWORK] = 5;
  model->task.namespaces.inode[AAK_NAMESPACE_NETWORK] = 5;
  AakSecurityView view = aak_security_view (&model->inspected);
  cr_expect_eq (view.host_namespaces, 1u << AAK_NAMESPACE_NETWORK);
  cr_expect_eq (view.namespaces_known, 1u << AAK_NAMESPACE_NETWORK);
  model->inspected.asked = &model->asked;
  make_host_pid (model);
  view = aak_security_view (&model->inspected);
  cr_expect_eq (view.host_namespaces, 1u << AAK_NAMESPACE_NETWORK | 1u << AAK_NAMESPACE_PID);
}

/* A namespace that is joined may be the node's: only the sandbox tells. */
Test (security_view, of_a_sandbox_that_cannot_be_read)
{
  g_autoptr (Model) model = model_new ();
  model->asked.own_namespaces = 1u << AAK_NAMESPACE_PID | 1u << AAK_NAMESPACE_IPC;
  model->asked.joined_namespaces = 1u << AAK_NAMESPACE_NETWORK;
  model->asked.sandbox = (char *) "box";
  model->inspected.sandbox = NULL;
  AakSecurityView view = aak_security_view (&model->inspected);
  cr_expect_eq (view.namespaces_known >> AAK_NAMESPACE_NETWORK & 1, 0);
  g_autoptr (GPtrArray) findings = aak_pod_security_judge (&view, AAK_LEVEL_BASELINE);
  const AakFinding *first = findings->pdata[0];
  cr_expect_str_eq (first->control->id, "host-namespaces");
  cr_expect_eq (first->verdict, AAK_VERDICT_UNKNOWN);
}

/* --- mounts ---------------------------------------------------------------------------------- */

static const char mountinfo[] =
    "22 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"
    "23 22 8:1 /etc /host ro,relatime shared:1 master:2 - ext4 /dev/sda rw\n"
    "24 22 8:1 /opt /a\\040b rw,relatime - ext4 /dev/sda ro,errors=continue\n"
    "25 22 8:1 /x /twice ro - ext4 /dev/sda rw\n"
    "26 25 8:1 /x /twice rw - ext4 /dev/sda rw\n"
    "27 22 8:1 /x /short rw\n"
    "28 22 8:1 /x /rox rox,ro - ext4 /dev/sda rox\n"
    "29 22 8:1 /x relative rw - ext4 /dev/sda rw\n"
    "30 22 8:1 /x /odd\\ rw - ext4 /dev/sda rw\n";

Test (mount_table, what_can_be_written_to)
{
  static const struct
  {
    const char *path;
    int writable; /* -1: nothing is mounted there */
  } rows[] = { { "/", 1 },         { "/host", 0 },   { "/host/", 0 }, { "/a b", 0 },
               { "/twice", 1 },    { "/short", -1 }, { "/rox", 1 },   { "/hos", -1 },
               { "relative", -1 }, { "", -1 } };
  g_autoptr (AakMountTable) table = aak_mount_table_parse (mountinfo);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean writable = 2;
      gboolean found = aak_mount_table_is_writable (table, rows[i].path, &writable);
      cr_expect_eq (found ? writable : -1, rows[i].writable, "%s", rows[i].path);
    }
}

/* --- the table ------------------------------------------------------------------------------- */

Test (side_table, blocks_and_wrapping)
{
  g_autoptr (AakSideTable) table = aak_side_table_new ();
  aak_side_table_add_row (table, "name");
  aak_side_table_add_cell (table, g_strdup ("one"));
  aak_side_table_add_cell (table, g_strdup ("two"));
  aak_side_table_add_row (table, "heading");
  aak_side_table_add_row (table, "x");
  aak_side_table_add_cell (table, g_strdup ("a bc\nd"));
  aak_side_table_add_cell (table, g_strdup (""));
  g_autofree char *wide = aak_side_table_text (table, 80);
  g_autofree char *narrow = aak_side_table_text (table, 20);
  cr_expect_str_eq (wide, "name     one           two\nheading\nx        a bc\n         d\n");
  cr_expect_str_eq (narrow, "name     one\nheading\nx        a bc\n         d\n\n"
                            "name     two\nheading\nx\n");
}

/* Whatever is in it, no line is longer than it may be, and no character is lost. */
Test (side_table, any_text_fits)
{
  static const char *const words[] = {
    "a", " ", "\n", "longer-than-any-cell-can-be-longer-than-any-cell", "\xc3\xa4", "b c"
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (int round = 0; round < 300; round++)
    {
      g_autoptr (AakSideTable) table = aak_side_table_new ();
      guint width = (guint) g_rand_int_range (rand, 20, 120), marks = 0, found = 0;
      int columns = g_rand_int_range (rand, 1, 90);
      for (int row = 0; row < 3; row++)
        {
          aak_side_table_add_row (table, "row");
          for (int column = 0; column < columns; column++)
            {
              GString *cell = g_string_new (NULL);
              for (int n = g_rand_int_range (rand, 0, 9); n > 0; n--)
                g_string_append (cell, words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
              for (const char *p = cell->str; *p != '\0'; p++)
                marks += *p == 'y';
              aak_side_table_add_cell (table, g_string_free (cell, FALSE));
            }
        }
      g_autofree char *text = aak_side_table_text (table, width);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      for (char **line = lines; *line != NULL; line++)
        {
          cr_assert_leq (g_utf8_strlen (*line, -1), width, "%u: %s", width, *line);
          for (const char *p = *line; *p != '\0'; p++)
            found += *p == 'y';
        }
      cr_assert (g_utf8_validate (text, -1, NULL));
      cr_assert_eq (found, marks);
    }
}
