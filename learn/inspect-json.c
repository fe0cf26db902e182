/* SPDX-License-Identifier: GPL-2.0-or-later
 * An inspection as a document (aakit/inspect/1). */
#include "config.h"

#include "learn/inspect-print.h"

#include "lib/json.h"

static void
add_set (AakJson *json, const char *key, AakCapabilitySet set)
{
  g_autoptr (GPtrArray) names = aak_capability_set_names (set);
  g_autofree char *hex = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", set);
  aak_json_set_member_name (json, key);
  aak_json_begin_object (json);
  aak_json_add_text (json, "hex", hex);
  aak_json_add_texts (json, "names", names);
  aak_json_end_object (json);
}

/* The kinds whose bits are set in @kinds. */
static void
add_namespaces (AakJson *json, const char *key, guint kinds)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    if ((kinds >> i & 1) != 0)
      aak_json_add_string_value (json, aak_namespace_name (i));
  aak_json_end_array (json);
}

static void
add_group (AakJson *json, const AakTaskGroup *group, const AakTaskSecurity *init)
{
  static const char *const modes[] = { "off", "strict", "filter" };
  const AakTaskSecurity *task = group->task;
  const AakTaskStatus *status = &task->status;
  aak_json_begin_object (json);
  aak_json_set_member_name (json, "pids");
  aak_json_begin_array (json);
  for (guint i = 0; i < group->pids->len; i++)
    aak_json_add_int_value (json, g_array_index (group->pids, guint, i));
  aak_json_end_array (json);
  aak_json_add_bytes (json, "comm", task->comm);
  aak_json_add_bytes (json, "label", task->label);
  aak_json_add_bytes (json, "mode", task->mode);
  aak_json_add_text (json, "seccomp", modes[status->seccomp]);
  aak_json_add_uint (json, "seccomp_filters", status->filters);
  aak_json_add_flag (json, "no_new_privs", status->no_new_privs);
  aak_json_add_uint (json, "uid", status->uid);
  aak_json_add_uint (json, "gid", status->gid);
  aak_json_add_text (json, "uid_map", task->uid_map);
  add_set (json, "effective", status->sets.effective);
  add_set (json, "permitted", status->sets.permitted);
  add_set (json, "inheritable", status->sets.inheritable);
  add_set (json, "bounding", status->sets.bounding);
  add_set (json, "ambient", status->sets.ambient);
  add_namespaces (json, "host_namespaces",
                  init != NULL ? aak_namespaces_shared (&task->namespaces, &init->namespaces) : 0);
  aak_json_end_object (json);
}

static void
add_asked (AakJson *json, const AakContainerSecurity *asked)
{
  if (asked == NULL)
    {
      aak_json_add_text (json, "bundle", NULL);
      return;
    }
  aak_json_set_member_name (json, "bundle");
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "apparmor_profile", asked->label);
  aak_json_add_bytes (json, "selinux_label", asked->selinux_label);
  aak_json_add_bytes (json, "seccomp_default_action", asked->seccomp_action);
  aak_json_add_uint (json, "seccomp_named_calls", asked->seccomp_calls);
  aak_json_add_flag (json, "no_new_privs", asked->no_new_privs);
  aak_json_add_uint (json, "uid", asked->uid);
  aak_json_add_uint (json, "gid", asked->gid);
  add_set (json, "bounding", asked->sets.bounding);
  aak_json_add_flag (json, "masks_paths", asked->masks_paths);
  aak_json_add_flag (json, "protects_paths", asked->protects_paths);
  aak_json_add_flag (json, "readonly_rootfs", asked->readonly_rootfs);
  aak_json_end_object (json);
}

static void
add_mounts (AakJson *json, const GArray *mounts)
{
  aak_json_set_member_name (json, "host_paths");
  aak_json_begin_array (json);
  for (guint i = 0; i < mounts->len; i++)
    {
      AakInspectedMount mount = g_array_index (mounts, AakInspectedMount, i);
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "source", mount.asked->source);
      aak_json_add_bytes (json, "path", mount.asked->path);
      aak_json_add_flag (json, "writable", mount.writable);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

/* No standard is about a task of no pod, nor about a level that was not asked for. */
static void
add_findings (AakJson *json, const AakSecurityView *view, AakLevel level)
{
  g_autoptr (GPtrArray) findings =
      view->of->container != NULL ? aak_pod_security_judge (view, level) : g_ptr_array_new ();
  aak_json_set_member_name (json, "findings");
  aak_json_begin_array (json);
  for (guint i = 0; i < findings->len; i++)
    {
      const AakFinding *finding = findings->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "level", aak_level_name (finding->control->level));
      aak_json_add_text (json, "control", finding->control->id);
      aak_json_add_text (json, "verdict", aak_verdict_name (finding->verdict));
      aak_json_add_text (json, "why", finding->why);
      aak_json_add_text (json, "set", finding->control->field);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  for (guint i = 0; i < AAK_LEVEL_N; i++)
    {
      gboolean judged = findings->len > 0 && i <= level;
      aak_json_add_text (json, aak_level_name (i),
                         judged ? aak_verdict_name (aak_pod_security_sum (findings, i)) : NULL);
    }
}

static void
add_summary (AakJson *json, const AakSecurityView *view)
{
  static const char *const guards[] = { "unknown", "off", "on" };
  static const char *const answers[] = { "unknown", "no", "yes" };
  AakCapabilitySet reach = aak_security_view_reach (view);
  aak_json_add_flag (json, "running", view->running);
  aak_json_add_text (json, "apparmor", guards[view->apparmor]);
  aak_json_add_text (json, "apparmor_origin", aak_origin_name (view->origin));
  aak_json_add_flag (json, "apparmor_lost", view->lost);
  aak_json_add_text (json, "privileged", answers[view->privileged]);
  add_namespaces (json, "host_namespaces", view->host_namespaces);
  add_namespaces (json, "unknown_namespaces",
                  ~view->namespaces_known & ((1u << AAK_NAMESPACE_N) - 1));
  aak_json_add_flag (json, "host_user_ids", view->node_ids);
  add_set (json, "beyond_default", reach & ~AAK_CAPABILITY_SET_DEFAULT);
  add_set (json, "without_default", AAK_CAPABILITY_SET_DEFAULT & ~reach);
}

static void
add_inspected (AakJson *json, const AakInspected *inspected, AakLevel level)
{
  const AakContainer *container = inspected->container;
  AakSecurityView view = aak_security_view (inspected);
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "namespace", container != NULL ? container->namespace : NULL);
  aak_json_add_bytes (json, "pod", container != NULL ? container->pod : NULL);
  aak_json_add_bytes (json, "container", container != NULL ? container->container : NULL);
  aak_json_add_bytes (json, "id", container != NULL ? container->id : NULL);
  aak_json_add_bytes (json, "image", container != NULL ? container->image : NULL);
  add_summary (json, &view);
  add_asked (json, inspected->asked);
  add_mounts (json, inspected->mounts);
  aak_json_set_member_name (json, "tasks");
  aak_json_begin_array (json);
  for (guint i = 0; i < inspected->groups->len; i++)
    add_group (json, inspected->groups->pdata[i], inspected->init);
  aak_json_end_array (json);
  add_findings (json, &view, level);
  aak_json_end_object (json);
}

void
aak_inspect_print_json (AakCli *cli, const AakInspection *inspection, AakLevel level)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/inspect/1");
  aak_json_add_text (json, "pod_security_standards", AAK_POD_SECURITY_VERSION);
  aak_json_set_member_name (json, "containers");
  aak_json_begin_array (json);
  for (guint i = 0; i < inspection->list->len; i++)
    add_inspected (json, inspection->list->pdata[i], level);
  aak_json_end_array (json);
  aak_json_set_member_name (json, "unseen");
  aak_json_begin_array (json);
  for (const AakControl *control = aak_pod_security_unseen (); control->id != NULL; control++)
    aak_json_add_string_value (json, control->id);
  aak_json_end_array (json);
  aak_json_add_texts (json, "problems", inspection->problems);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
