/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Tasks to containers. */
#include "config.h"

#include "lib/pods.h"

#include "lib/cgroup.h"
#include "lib/container-index.h"
#include "lib/fs.h"

#include <string.h>

/* A path is at most 4096 bytes, and version 1 has a line for each of a dozen controllers. */
#define MAX_CGROUP (64 * 1024)
#define MAX_PID    32
#define MAX_COMM   256

struct AakPods
{
  char *proc; /* ROOT/proc */
  AakContainerIndex *index;
  GHashTable *by_id; /* id -> AakContainer, both of the index */
};

AakPods *
aak_pods_new (const char *root)
{
  AakPods *pods = g_new0 (AakPods, 1);
  pods->proc = aak_fs_path (root, "/proc");
  pods->index = aak_container_index_new (root);
  aak_container_index_set_grace (pods->index, 0);
  pods->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  aak_pods_refresh (pods);
  return pods;
}

void
aak_pods_free (AakPods *pods)
{
  g_hash_table_unref (pods->by_id);
  aak_container_index_free (pods->index);
  g_free (pods->proc);
  g_free (pods);
}

void
aak_pods_refresh (AakPods *pods)
{
  if (!aak_container_index_refresh (pods->index))
    return;
  g_hash_table_remove_all (pods->by_id);
  const GPtrArray *containers = aak_container_index_list (pods->index);
  for (guint i = 0; i < containers->len; i++)
    {
      AakContainer *container = containers->pdata[i];
      g_hash_table_insert (pods->by_id, container->id, container);
    }
}

const GPtrArray *
aak_pods_containers (const AakPods *pods)
{
  return aak_container_index_list (pods->index);
}

const GPtrArray *
aak_pods_problems (const AakPods *pods)
{
  return aak_container_index_problems (pods->index);
}

const AakContainer *
aak_pods_look (const AakPods *pods, guint pid, GError **error)
{
  g_autofree char *id = g_strdup_printf ("%u", pid);
  g_autofree char *path = g_build_filename (pods->proc, id, "cgroup", NULL);
  g_autofree char *text = aak_fs_read_text (path, MAX_CGROUP, error);
  return text != NULL ? aak_cgroup_find (text, pods->by_id) : NULL;
}

const AakContainer *
aak_pods_find (const AakPods *pods, guint pid)
{
  return aak_pods_look (pods, pid, NULL);
}

/* runc's shim, then CRI-O's monitor. */
static const char *const pid_files[] = { "init.pid", "pidfile" };

guint
aak_pods_first_task (const AakPods *pods, const AakContainer *container)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pid_files); i++)
    {
      g_autofree char *path = g_build_filename (container->bundle, pid_files[i], NULL);
      g_autofree char *text = aak_fs_read_text (path, MAX_PID, NULL);
      guint64 pid = 0;
      if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &pid, NULL)
          && aak_pods_find (pods, (guint) pid) == container)
        return (guint) pid;
    }
  return 0;
}

AakContainer *
aak_pods_sandbox (const AakPods *pods, const char *id)
{
  return aak_container_index_sandbox (pods->index, id);
}

gboolean
aak_pods_is_starting (const AakPods *pods, guint pid)
{
  g_autofree char *id = g_strdup_printf ("%u", pid);
  g_autofree char *path = g_build_filename (pods->proc, id, "comm", NULL);
  g_autofree char *comm = aak_fs_read_text (path, MAX_COMM, NULL);
  /* "runc:[2:INIT]", "crun". */
  return comm != NULL && (g_str_has_prefix (comm, "runc") || strcmp (comm, "crun") == 0);
}

/* --- in messages ----------------------------------------------------------------------------- */

/* "OWNER: PID (COMM), ..." of the tasks from @first on that the owner of @first has. */
static void
add_owner (GString *text, const GPtrArray *wearers, const GPtrArray *owners, guint first)
{
  const AakContainer *container = owners->pdata[first];
  g_autofree char *name =
      container != NULL ? aak_container_describe (container) : g_strdup ("no pod");
  g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", name);
  for (guint i = first; i < owners->len; i++)
    {
      const AakWearer *wearer = wearers->pdata[i];
      if (owners->pdata[i] == container)
        g_string_append_printf (text, "%s %u (%s)", i == first ? ":" : ",", wearer->pid,
                                wearer->comm);
    }
}

char *
aak_pods_describe (const AakPods *pods, const GPtrArray *wearers, guint max)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) owners = g_ptr_array_new ();
  for (guint i = 0; i < MIN (wearers->len, max); i++)
    {
      const AakWearer *wearer = wearers->pdata[i];
      g_ptr_array_add (owners, (gpointer) aak_pods_find (pods, wearer->pid));
    }
  for (guint i = 0; i < owners->len; i++)
    {
      guint first = 0;
      g_ptr_array_find (owners, owners->pdata[i], &first);
      if (first == i)
        add_owner (text, wearers, owners, i);
    }
  if (wearers->len > owners->len)
    g_string_append_printf (text, " and %u more", wearers->len - owners->len);
  return g_string_free (text, FALSE);
}
