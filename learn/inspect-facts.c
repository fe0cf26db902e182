/* SPDX-License-Identifier: GPL-2.0-or-later
 * The cells of the table of an inspection. */
#include "config.h"

#include "learn/inspect-facts.h"

#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

static char *
escape (const char *bytes)
{
  return bytes != NULL ? aak_escape (bytes, strlen (bytes)) : g_strdup ("?");
}

/* "LABEL (MODE)" */
char *
aak_inspect_label_text (const AakTaskSecurity *task)
{
  if (task->label == NULL)
    return g_strdup ("the kernel tells none");
  g_autofree char *label = escape (task->label);
  g_autofree char *mode = escape (task->mode);
  return task->mode != NULL ? g_strdup_printf ("%s (%s)", label, mode) : g_steal_pointer (&label);
}

char *
aak_inspect_seccomp_text (AakSeccompMode mode, guint64 filters)
{
  static const char *const names[] = { "off", "strict", "filter" };
  g_autofree char *count = aak_count (filters, "filter");
  return mode == AAK_SECCOMP_FILTER && filters > 0 ? g_steal_pointer (&count)
                                                   : g_strdup (names[mode]);
}

char *
aak_inspect_set_text (AakCapabilitySet set)
{
  g_autofree char *names = aak_capability_set_text (set);
  if (set == 0)
    return g_strdup ("none");
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x (%u)\n%s", set, aak_capability_set_size (set),
                          names);
}

/* The first task of a container that runs; else NULL. */
static const AakTaskSecurity *
first_task (const AakSecurityView *view)
{
  const GPtrArray *groups = view->of->groups;
  return groups->len > 0 ? ((const AakTaskGroup *) groups->pdata[0])->task : NULL;
}

static char *
cell_pod (const AakSecurityView *view)
{
  const AakContainer *container = view->of->container;
  const AakTaskSecurity *task = first_task (view);
  if (container == NULL)
    return task != NULL ? g_strdup_printf ("no pod, process %u", task->pid) : g_strdup ("no pod");
  g_autofree char *raw = g_strdup_printf ("%s/%s", container->namespace, container->pod);
  return escape (raw);
}

static char *
cell_container (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  return escape (view->of->container != NULL ? view->of->container->container
                 : task != NULL              ? task->comm
                                             : NULL);
}

static char *
cell_tasks (const AakSecurityView *view)
{
  guint64 count = 0;
  for (guint i = 0; i < view->of->groups->len; i++)
    count += ((const AakTaskGroup *) view->of->groups->pdata[i])->pids->len;
  if (!view->running)
    return g_strdup ("none: as the bundle asks");
  if (view->of->groups->len == 1)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " that differ, see below", count);
}

static char *
cell_label (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  if (task != NULL)
    return aak_inspect_label_text (task);
  return view->of->asked != NULL && view->of->asked->label != NULL ? escape (view->of->asked->label)
                                                                   : g_strdup ("none");
}

static char *
cell_origin (const AakSecurityView *view)
{
  return g_strdup (aak_origin_text (view->origin));
}

static char *
cell_seccomp (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  return task != NULL ? aak_inspect_seccomp_text (task->status.seccomp, task->status.filters)
                      : aak_inspect_seccomp_text (view->seccomp, 0);
}

static char *
cell_seccomp_profile (const AakSecurityView *view)
{
  const AakContainerSecurity *asked = view->of->asked;
  if (asked == NULL)
    return g_strdup ("not known");
  if (asked->seccomp_action == NULL)
    return g_strdup ("none: Unconfined, or nothing, is stated");
  g_autofree char *action = escape (asked->seccomp_action);
  return g_strdup_printf ("%s, but for %u named calls", action, asked->seccomp_calls);
}

static char *
cell_no_new_privs (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  return g_strdup ((task != NULL ? task->status.no_new_privs : view->no_new_privs) ? "1" : "0");
}

static char *
cell_ids (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  if (task != NULL)
    return g_strdup_printf ("%u:%u", task->status.uid, task->status.gid);
  return view->of->asked != NULL
             ? g_strdup_printf ("%u:%u", view->of->asked->uid, view->of->asked->gid)
             : g_strdup ("not known");
}

static char *
cell_user_namespace (const AakSecurityView *view)
{
  const AakTaskSecurity *task = first_task (view);
  if (view->node_ids)
    return g_strdup ("the node's");
  return task != NULL && task->uid_map != NULL
             ? g_strdup_printf ("its own (uid_map %s)", task->uid_map)
             : g_strdup ("its own");
}

/* A set of the first task, or of the bundle: names are not said again where it is the one above. */
#define CELL_SET(field, above, words)                                                 \
  static char *cell_##field (const AakSecurityView *view)                             \
  {                                                                                   \
    const AakTaskSecurity *task = first_task (view);                                  \
    AakCapabilitySet set = task != NULL ? task->status.sets.field : view->sets.field; \
    AakCapabilitySet one = task != NULL ? task->status.sets.above : view->sets.above; \
    return words != NULL && set != 0 && set == one ? g_strdup (words)                 \
                                                   : aak_inspect_set_text (set);      \
  }
CELL_SET (effective, effective, NULL)
CELL_SET (permitted, effective, "as effective")
CELL_SET (inheritable, permitted, "as permitted")
CELL_SET (bounding, permitted, "as permitted")
CELL_SET (ambient, permitted, "as permitted")

/* What the container may hold beside what containerd gives one that states nothing. */
static char *
cell_beside_default (const AakSecurityView *view)
{
  AakCapabilitySet reach = aak_security_view_reach (view);
  g_autofree char *more = aak_capability_set_text (reach & ~AAK_CAPABILITY_SET_DEFAULT);
  g_autofree char *less = aak_capability_set_text (AAK_CAPABILITY_SET_DEFAULT & ~reach);
  if (reach == AAK_CAPABILITY_SET_DEFAULT)
    return g_strdup ("the same");
  if (reach == 0)
    return g_strdup ("without all 14");
  return g_strconcat (*more != '\0' ? "more: " : "", more,
                      *more != '\0' && *less != '\0' ? "\n" : "", *less != '\0' ? "without: " : "",
                      less, NULL);
}

static char *
cell_privileged (const AakSecurityView *view)
{
  static const char *const words[] = { "not known", "no", "yes" };
  return g_strdup (words[view->privileged]);
}

static char *
cell_host_namespaces (const AakSecurityView *view)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    {
      /* A pod is in the node's user and time namespaces unless it asks otherwise. */
      if (i == AAK_NAMESPACE_USER || i == AAK_NAMESPACE_TIME)
        continue;
      const char *unknown = (view->namespaces_known >> i & 1) == 0 ? "?" : NULL;
      if (unknown != NULL || (view->host_namespaces >> i & 1) != 0)
        g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", aak_namespace_name (i),
                                unknown != NULL ? unknown : "");
    }
  return g_strdup (text->len > 0 ? text->str : "none");
}

static char *
cell_host_paths (const AakSecurityView *view)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < view->of->mounts->len; i++)
    {
      AakInspectedMount mount = g_array_index (view->of->mounts, AakInspectedMount, i);
      g_autofree char *source = escape (mount.asked->source);
      g_autofree char *path = escape (mount.asked->path);
      g_string_append_printf (text, "%s%s at %s, %s", i > 0 ? "\n" : "", source, path,
                              mount.writable ? "writable" : "read-only");
    }
  if (view->of->asked == NULL)
    return g_strdup ("not known");
  return g_strdup (text->len > 0 ? text->str : "none");
}

static char *
cell_rootfs (const AakSecurityView *view)
{
  if (view->of->asked == NULL)
    return g_strdup ("not known");
  return g_strdup (view->of->asked->readonly_rootfs ? "read-only" : "writable");
}

static const AakInspectFact facts[] = {
  { "pod", cell_pod },
  { "container", cell_container },
  { "tasks", cell_tasks },
  { "AppArmor", cell_label },
  { "  chosen by", cell_origin },
  { "seccomp", cell_seccomp },
  { "  its profile", cell_seccomp_profile },
  { "no_new_privs", cell_no_new_privs },
  { "uid:gid", cell_ids },
  { "user namespace", cell_user_namespace },
  { "effective", cell_effective },
  { "permitted", cell_permitted },
  { "inheritable", cell_inheritable },
  { "bounding", cell_bounding },
  { "ambient", cell_ambient },
  { "  beside default", cell_beside_default },
  { "privileged", cell_privileged },
  { "host namespaces", cell_host_namespaces },
  { "host paths", cell_host_paths },
  { "root filesystem", cell_rootfs },
  { NULL },
};

const AakInspectFact *
aak_inspect_facts (void)
{
  return facts;
}
