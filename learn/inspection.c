/* SPDX-License-Identifier: GPL-2.0-or-later
 * Gathering what bundles ask for and what tasks are. */
#include "config.h"

#include "learn/inspection.h"

#include "learn/mount-table.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

/* --- one container --------------------------------------------------------------------------- */

static void
group_free (gpointer data)
{
  AakTaskGroup *group = data;
  aak_task_security_free (group->task);
  g_array_unref (group->pids);
  g_free (group);
}

static gboolean
equal_tasks (gconstpointer one, gconstpointer other)
{
  return aak_task_security_equal (one, other);
}

static void
inspected_free (gpointer data)
{
  AakInspected *inspected = data;
  g_clear_pointer (&inspected->asked, aak_container_security_free);
  g_clear_pointer (&inspected->sandbox, aak_container_security_free);
  g_hash_table_unref (inspected->group_of);
  g_ptr_array_unref (inspected->groups);
  g_array_unref (inspected->mounts);
  g_free (inspected);
}

static void
add_problem (AakInspection *inspection, const char *message)
{
  g_ptr_array_add (inspection->problems, aak_escape (message, strlen (message)));
}

static AakInspected *
add_container (AakInspection *inspection, const AakContainer *container)
{
  g_autoptr (GError) error = NULL;
  AakInspected *inspected = g_new0 (AakInspected, 1);
  inspected->container = container;
  inspected->init = inspection->init;
  inspected->groups = g_ptr_array_new_with_free_func (group_free);
  inspected->group_of = g_hash_table_new (aak_task_security_hash, equal_tasks);
  inspected->mounts = g_array_new (FALSE, FALSE, sizeof (AakInspectedMount));
  g_ptr_array_add (inspection->list, inspected);
  if (container == NULL)
    return inspected;
  inspected->asked = aak_container_security_read (container, &error);
  if (inspected->asked != NULL)
    inspected->sandbox = aak_container_security_read_sandbox (container, inspected->asked, &error);
  /* Without its sandbox's bundle it is told what is not known. */
  if (error != NULL
      && (inspected->asked == NULL || !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND)))
    g_ptr_array_add (inspection->problems, g_strdup (error->message));
  return inspected;
}

/* --- its tasks ------------------------------------------------------------------------------- */

/* Puts @task, which it takes, to those that are as it is. */
static void
add_task (AakInspected *inspected, AakTaskSecurity *task)
{
  AakTaskGroup *group = g_hash_table_lookup (inspected->group_of, task);
  if (group != NULL)
    {
      g_array_append_val (group->pids, task->pid);
      aak_task_security_free (task);
      return;
    }
  group = g_new0 (AakTaskGroup, 1);
  group->pids = g_array_new (FALSE, FALSE, sizeof (guint));
  group->task = task;
  g_array_append_val (group->pids, task->pid);
  g_ptr_array_add (inspected->groups, group);
  g_hash_table_insert (inspected->group_of, group->task, group);
}

/* Notes what went wrong with a task, unless it only ended meanwhile. */
static void
note_problem (AakInspection *inspection, const GError *error)
{
  if (!g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    add_problem (inspection, error->message);
}

/* The threads of @pid. A recorded node may have none: the process stands for them. */
static GArray *
list_threads (AakInspection *inspection, const char *root, guint pid)
{
  g_autoptr (GError) error = NULL;
  GArray *threads = aak_task_security_threads (root, pid, &error);
  if (threads != NULL)
    return threads;
  note_problem (inspection, error);
  threads = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (threads, pid);
  return threads;
}

/* The threads of @pid, but for those that have ended. FALSE with an error where the process itself
 * cannot be read. */
static gboolean
add_process (AakInspection *inspection, AakInspected *inspected, const char *root, guint pid,
             GError **error)
{
  g_autoptr (GArray) threads = list_threads (inspection, root, pid);
  for (guint i = 0; i < threads->len; i++)
    {
      guint tid = g_array_index (threads, guint, i);
      g_autoptr (GError) local = NULL;
      g_autoptr (AakTaskSecurity) task = aak_task_security_read (root, pid, tid, &local);
      if (task != NULL && !task->status.ended)
        add_task (inspected, g_steal_pointer (&task));
      else if (task == NULL && tid == pid)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      else if (task == NULL)
        note_problem (inspection, local);
    }
  return TRUE;
}

static int
compare_pids (gconstpointer a, gconstpointer b)
{
  guint left = *(const guint *) a, right = *(const guint *) b;
  return left < right ? -1 : left > right;
}

/* The processes of /proc, ascending. */
static GArray *
list_processes (AakInspection *inspection, const char *root)
{
  g_autofree char *proc = aak_fs_path (root, "/proc");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = aak_fs_names (proc, &error);
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (guint));
  guint64 number = 0;
  if (names == NULL)
    add_problem (inspection, error->message);
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_ascii_string_to_unsigned (names->pdata[i], 10, 1, G_MAXINT, &number, NULL))
      {
        guint pid = (guint) number;
        g_array_append_val (pids, pid);
      }
  g_array_sort (pids, compare_pids);
  return pids;
}

/* The tasks of all that was added. */
static void
add_tasks (AakInspection *inspection, const char *root)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) pids = list_processes (inspection, root);
  for (guint i = 0; i < inspection->list->len; i++)
    {
      AakInspected *inspected = inspection->list->pdata[i];
      g_hash_table_insert (wanted, (gpointer) inspected->container, inspected);
    }
  for (guint i = 0; i < pids->len; i++)
    {
      guint pid = g_array_index (pids, guint, i);
      g_autoptr (GError) error = NULL;
      const AakContainer *container = aak_pods_look (inspection->pods, pid, &error);
      AakInspected *inspected = container != NULL ? g_hash_table_lookup (wanted, container) : NULL;
      if (error != NULL
          || (inspected != NULL && !add_process (inspection, inspected, root, pid, &error)))
        note_problem (inspection, error);
    }
}

/* --- what follows from both ------------------------------------------------------------------ */

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const AakTaskGroup *const *left = a, *const *right = b;
  return compare_pids ((*left)->pids->data, (*right)->pids->data);
}

/* The group that holds the task that the runtime started comes first, the others as their lowest
 * numbers do. A thread of a process may have a higher number than the next process. */
static void
order_groups (AakInspected *inspected, guint first_task)
{
  for (guint i = 0; i < inspected->groups->len; i++)
    g_array_sort (((AakTaskGroup *) inspected->groups->pdata[i])->pids, compare_pids);
  g_ptr_array_sort (inspected->groups, compare_groups);
  for (guint i = 1; i < inspected->groups->len; i++)
    {
      AakTaskGroup *group = inspected->groups->pdata[i];
      for (guint k = 0; k < group->pids->len; k++)
        if (g_array_index (group->pids, guint, k) == first_task)
          {
            g_ptr_array_insert (inspected->groups, 0,
                                g_ptr_array_steal_index (inspected->groups, i));
            return;
          }
    }
}

static void
add_mounts (AakInspection *inspection, AakInspected *inspected, const char *root)
{
  g_autoptr (AakMountTable) table = NULL;
  g_autoptr (GError) error = NULL;
  if (inspected->groups->len > 0)
    {
      const AakTaskGroup *first = inspected->groups->pdata[0];
      table = aak_mount_table_read (root, first->task->pid, &error);
    }
  if (error != NULL)
    note_problem (inspection, error);
  for (guint i = 0; inspected->asked != NULL && i < inspected->asked->host_mounts->len; i++)
    {
      AakInspectedMount mount = { .asked = inspected->asked->host_mounts->pdata[i] };
      if (table == NULL || !aak_mount_table_is_writable (table, mount.asked->path, &mount.writable))
        mount.writable = !mount.asked->readonly;
      g_array_append_val (inspected->mounts, mount);
    }
}

static void
complete (AakInspection *inspection, const char *root)
{
  for (guint i = 0; i < inspection->list->len; i++)
    {
      AakInspected *inspected = inspection->list->pdata[i];
      order_groups (inspected, inspected->container != NULL
                                   ? aak_pods_first_task (inspection->pods, inspected->container)
                                   : 0);
      add_mounts (inspection, inspected, root);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static AakInspection *
inspection_new (const char *root)
{
  AakInspection *inspection = g_new0 (AakInspection, 1);
  inspection->pods = aak_pods_new (root);
  inspection->list = g_ptr_array_new_with_free_func (inspected_free);
  inspection->problems = g_ptr_array_new_with_free_func (g_free);
  /* Without it nothing is known to be the node's own. */
  inspection->init = aak_task_security_read (root, 1, 1, NULL);
  const char *blind = aak_lsm_blind_spot (root);
  if (blind != NULL)
    add_problem (inspection, blind);
  return inspection;
}

AakInspection *
aak_inspection_new (const char *root, AakInspectionFilter filter, gconstpointer data)
{
  AakInspection *inspection = inspection_new (root);
  const GPtrArray *containers = aak_pods_containers (inspection->pods);
  const GPtrArray *unread = aak_pods_problems (inspection->pods);
  for (guint i = 0; i < unread->len; i++)
    g_ptr_array_add (inspection->problems, g_strdup (unread->pdata[i]));
  for (guint i = 0; i < containers->len; i++)
    if (filter (containers->pdata[i], data))
      add_container (inspection, containers->pdata[i]);
  if (inspection->list->len > 0)
    add_tasks (inspection, root);
  complete (inspection, root);
  return inspection;
}

AakInspection *
aak_inspection_new_of_process (const char *root, guint pid, GError **error)
{
  g_autoptr (AakInspection) inspection = inspection_new (root);
  g_autoptr (GError) local = NULL;
  const AakContainer *container = aak_pods_look (inspection->pods, pid, &local);
  if (local != NULL)
    note_problem (inspection, local);
  AakInspected *inspected = add_container (inspection, container);
  if (!add_process (inspection, inspected, root, pid, error))
    return NULL;
  if (inspected->groups->len == 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "process %u has ended: it waits for its parent to take notice, and is nothing "
                   "any more",
                   pid);
      return NULL;
    }
  complete (inspection, root);
  return g_steal_pointer (&inspection);
}

void
aak_inspection_free (AakInspection *inspection)
{
  g_ptr_array_unref (inspection->list);
  g_ptr_array_unref (inspection->problems);
  g_clear_pointer (&inspection->init, aak_task_security_free);
  aak_pods_free (inspection->pods);
  g_free (inspection);
}
