/* SPDX-License-Identifier: GPL-2.0-or-later
 * Putting a container's tasks and its bundle together. */
#include "config.h"

#include "learn/security-view.h"

#include <string.h>

#define ALL_NAMESPACES ((1u << AAK_NAMESPACE_N) - 1)

/* What runtimes call the profile that they apply where a pod states none: containerd, CRI-O. */
static const char *const default_labels[] = { "cri-containerd.apparmor.d", "crio-default", NULL };

static const struct
{
  const char *name;
  const char *text;
} origins[] = {
  [AAK_ORIGIN_UNKNOWN] = { "unknown", "not known" },
  [AAK_ORIGIN_NONE] = { "none", "none asked for: Unconfined, privileged, or a runtime without "
                                "AppArmor" },
  [AAK_ORIGIN_DEFAULT] = { "default", "the runtime's default: RuntimeDefault, or nothing, is "
                                      "stated" },
  [AAK_ORIGIN_STATED] = { "stated", "the pod: Localhost" },
};

const char *
aak_origin_text (AakOrigin origin)
{
  return origins[origin].text;
}

const char *
aak_origin_name (AakOrigin origin)
{
  return origins[origin].name;
}

static AakOrigin
origin_of (const AakContainerSecurity *asked)
{
  if (asked == NULL)
    return AAK_ORIGIN_UNKNOWN;
  if (asked->label == NULL)
    return AAK_ORIGIN_NONE;
  return g_strv_contains (default_labels, asked->label) ? AAK_ORIGIN_DEFAULT : AAK_ORIGIN_STATED;
}

/* --- what its bundle asks for ---------------------------------------------------------------- */

static void
view_asked (AakSecurityView *view, const AakInspected *inspected)
{
  const AakContainerSecurity *asked = inspected->asked;
  view->no_new_privs = TRUE;
  view->seccomp = AAK_SECCOMP_FILTER;
  view->privileged = AAK_GUARD_UNKNOWN;
  if (asked == NULL)
    return;
  view->privileged = aak_container_security_is_privileged (asked) ? AAK_GUARD_ON : AAK_GUARD_OFF;
  if (view->running)
    return;
  view->sets = asked->sets;
  view->no_new_privs = asked->no_new_privs;
  view->seccomp = asked->seccomp_action != NULL ? AAK_SECCOMP_FILTER : AAK_SECCOMP_OFF;
  view->root = asked->uid == 0;
  view->apparmor = asked->label != NULL ? AAK_GUARD_ON : AAK_GUARD_OFF;
}

/* Whose namespaces the kernel does not tell (links that may not be read, a recorded node) are as
 * the bundle asks for them. */
static void
view_asked_namespaces (AakSecurityView *view, const AakInspected *inspected)
{
  if (inspected->asked == NULL)
    return;
  guint unknown = 0;
  guint host =
      aak_container_security_host_namespaces (inspected->asked, inspected->sandbox, &unknown);
  view->host_namespaces |= host & ~view->namespaces_known;
  view->namespaces_known |= ALL_NAMESPACES & ~unknown;
  if (!view->running)
    view->node_ids = (host >> AAK_NAMESPACE_USER & 1) != 0;
}

/* --- what its tasks are ---------------------------------------------------------------------- */

static void
view_label (AakSecurityView *view, const AakTaskSecurity *task)
{
  if (task->label == NULL)
    return;
  gboolean bare = task->mode == NULL;
  view->lost |= bare;
  view->lenient |= !bare && strcmp (task->mode, "complain") == 0;
  /* A profile can be in unconfined mode: apparmor.d(5), Profile flags. */
  if (bare || strcmp (task->mode, "unconfined") == 0)
    view->apparmor = AAK_GUARD_OFF;
  else if (view->apparmor == AAK_GUARD_UNKNOWN)
    view->apparmor = AAK_GUARD_ON;
}

static void
view_namespaces (AakSecurityView *view, const AakNamespaces *own, const AakNamespaces *node)
{
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    if (node == NULL || own->inode[i] == 0 || node->inode[i] == 0)
      view->namespaces_known &= ~(1u << i);
  if (node != NULL)
    view->host_namespaces |= aak_namespaces_shared (own, node);
}

static void
view_task (AakSecurityView *view, const AakTaskSecurity *task, const AakTaskSecurity *init)
{
  const AakTaskStatus *status = &task->status;
  aak_capability_sets_add (&view->sets, &status->sets);
  view->no_new_privs &= status->no_new_privs;
  view->seccomp = MIN (view->seccomp, status->seccomp);
  view->root |= aak_task_security_inner_uid (task) == 0;
  view->node_ids |= aak_task_security_has_node_ids (task, init);
  view_namespaces (view, &task->namespaces, init != NULL ? &init->namespaces : NULL);
  view_label (view, task);
}

AakSecurityView
aak_security_view (const AakInspected *inspected)
{
  AakSecurityView view = { .of = inspected,
                           .running = inspected->groups->len > 0,
                           .origin = origin_of (inspected->asked) };
  view_asked (&view, inspected);
  view.namespaces_known = view.running ? ALL_NAMESPACES : 0;
  for (guint i = 0; i < inspected->groups->len; i++)
    {
      const AakTaskGroup *group = inspected->groups->pdata[i];
      view_task (&view, group->task, inspected->init);
    }
  view_asked_namespaces (&view, inspected);
  view.lost &= inspected->asked != NULL && inspected->asked->label != NULL;
  return view;
}

AakCapabilitySet
aak_security_view_reach (const AakSecurityView *view)
{
  return aak_capability_sets_reach (&view->sets);
}
