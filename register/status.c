/* SPDX-License-Identifier: GPL-2.0-or-later
 * Putting together what is known of each profile. */
#include "config.h"

#include "register/status.h"

#include "lib/fs.h"
#include "register/refusal.h"
#include "register/seccomp-files.h"

#include <string.h>

static const char *const state_names[AAK_STATUS_N] = {
  "loaded", "drifted", "missing", "wanted", "learning", "foreign", "absent",
};

const char *
aak_status_state_name (AakStatusState state)
{
  return state_names[state];
}

static AakStatusRow *
row_new (const AakStatus *status, const char *name)
{
  AakStatusRow *row = g_new0 (AakStatusRow, 1);
  row->name = g_strdup (name);
  row->loaded = aak_lsm_find (status->actual, name);
  row->tasks = g_array_new (FALSE, FALSE, sizeof (AakStatusTask));
  row->lacking = g_ptr_array_new ();
  return row;
}

static void
row_free (gpointer data)
{
  AakStatusRow *row = data;
  g_free (row->name);
  g_array_unref (row->tasks);
  g_ptr_array_unref (row->lacking);
  g_free (row);
}

void
aak_status_free (AakStatus *status)
{
  g_ptr_array_unref (status->rows);
  g_clear_pointer (&status->store, aak_store_free);
  g_clear_pointer (&status->actual, g_ptr_array_unref);
  g_clear_pointer (&status->tasks, g_ptr_array_unref);
  g_clear_pointer (&status->refused, g_ptr_array_unref);
  g_free (status->log_problem);
  g_free (status);
}

/* --- what is registered and loaded ----------------------------------------------------------- */

static gboolean
part_is_loaded (GPtrArray *actual, const AakStorePart *part)
{
  const AakLoaded *loaded = aak_lsm_find (actual, part->name);
  if (loaded == NULL || loaded->hash == NULL)
    return FALSE;
  const char *hex = strchr (loaded->hash, ':') + 1;
  return strcmp (hex, g_str_has_prefix (loaded->hash, "sha1:") ? part->sha1 : part->sha256) == 0;
}

static AakStatusState
judge (const AakStatus *status, const char *name, const AakLoaded *loaded)
{
  const AakStoreEntry *entry = aak_store_find (status->store, name);
  if (entry == NULL && loaded == NULL)
    return AAK_STATUS_WANTED;
  if (entry == NULL)
    return aak_store_owns (status->store, name) ? AAK_STATUS_LEARNING : AAK_STATUS_FOREIGN;
  if (loaded == NULL)
    return AAK_STATUS_MISSING;
  if (loaded->mode != entry->mode)
    return AAK_STATUS_DRIFTED;
  for (guint i = 0; i < entry->parts->len; i++)
    if (!part_is_loaded (status->actual, entry->parts->pdata[i]))
      return AAK_STATUS_DRIFTED;
  return AAK_STATUS_LOADED;
}

/* The row of @name in @by_name, which is made where there is none. */
static AakStatusRow *
get_row (AakStatus *status, GHashTable *by_name, const char *name)
{
  AakStatusRow *row = g_hash_table_lookup (by_name, name);
  if (row != NULL)
    return row;
  row = row_new (status, name);
  row->state = judge (status, name, row->loaded);
  g_ptr_array_add (status->rows, row);
  g_hash_table_insert (by_name, row->name, row);
  return row;
}

static void
add_profiles (AakStatus *status, GHashTable *by_name)
{
  GPtrArray *entries = aak_store_entries (status->store);
  for (guint i = 0; i < entries->len; i++)
    get_row (status, by_name, ((const AakStoreEntry *) entries->pdata[i])->name);
  for (guint i = 0; i < status->actual->len; i++)
    {
      const AakLoaded *loaded = status->actual->pdata[i];
      if (strstr (loaded->name, "//") == NULL)
        get_row (status, by_name, loaded->name);
    }
}

/* --- who wears it ---------------------------------------------------------------------------- */

/* The profiles of a label, without their children: "a//b//&c" is a and c. */
static char **
split_label (const char *label)
{
  char **names = g_strsplit (label, "//&", -1);
  for (char **name = names; *name != NULL; name++)
    {
      char *child = strstr (*name, "//");
      if (child != NULL)
        *child = '\0';
    }
  return names;
}

static void
add_task (GHashTable *by_name, const AakWearer *task, const AakContainer *container)
{
  g_auto (GStrv) names = split_label (task->label);
  for (char **name = names; *name != NULL; name++)
    {
      AakStatusRow *row = g_hash_table_lookup (by_name, *name);
      guint count = row != NULL ? row->tasks->len : 0;
      if (row == NULL
          || (count > 0 && g_array_index (row->tasks, AakStatusTask, count - 1).task == task))
        continue;
      AakStatusTask worn = { task, container };
      g_array_append_val (row->tasks, worn);
    }
}

/* --- who wants it ---------------------------------------------------------------------------- */

/* What containers are looked at with. */
typedef struct
{
  AakLsm *lsm;
  const AakPods *pods;
  AakStatus *status;
  GHashTable *by_name;
} Look;

/* TRUE where @container runs without any profile: its own was removed under it, and loading that
 * again does not bring it back. What a runtime has just created is still the runtime, unconfined
 * until it becomes the container's program; so its label is read after its name. */
static gboolean
is_unconfined (const Look *look, const AakContainer *container)
{
  guint pid = container->bundle != NULL ? aak_pods_first_task (look->pods, container) : 0;
  if (pid == 0 || aak_pods_is_starting (look->pods, pid))
    return FALSE;
  g_autofree char *label = aak_lsm_label_of (look->lsm, pid);
  return g_strcmp0 (label, "unconfined") == 0;
}

static void
add_container (const Look *look, const AakContainer *container)
{
  g_auto (GStrv) names = g_strsplit (container->label, "//&", -1);
  g_auto (GStrv) tops = split_label (container->label);
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean loaded = aak_lsm_find (look->status->actual, names[i]) != NULL;
      if (loaded && !is_unconfined (look, container))
        continue;
      AakStatusRow *row = get_row (look->status, look->by_name, tops[i]);
      g_ptr_array_add (row->lacking, (gpointer) container);
      look->status->lacking++;
    }
}

static void
add_containers (const Look *look, const GPtrArray *containers)
{
  for (guint i = 0; i < containers->len; i++)
    {
      const AakContainer *container = containers->pdata[i];
      if (container->label != NULL)
        add_container (look, container);
    }
}

/* --- seccomp profiles ------------------------------------------------------------------------ */

static AakStatusState
judge_seccomp (const char *root, const AakStoreSeccomp *entry)
{
  switch (aak_seccomp_files_look (root, entry->dir, entry->name, entry->sha256))
    {
    case AAK_PLACE_EMPTY:
      return AAK_STATUS_MISSING;
    case AAK_PLACE_SAME:
      return AAK_STATUS_LOADED;
    case AAK_PLACE_DIFFERS:
    case AAK_PLACE_ODD:
      break;
    }
  return AAK_STATUS_DRIFTED;
}

static void
add_seccomp (AakStatus *status, const char *root)
{
  GPtrArray *entries = aak_store_seccomp (status->store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      AakStatusRow *row = row_new (status, entry->name);
      row->loaded = NULL;
      row->seccomp = entry;
      row->state = judge_seccomp (root, entry);
      g_ptr_array_add (status->rows, row);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const AakStatusRow *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

static void
put_together (AakStatus *status, AakLsm *lsm, const AakPods *pods)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  Look look = { lsm, pods, status, by_name };
  add_profiles (status, by_name);
  for (guint i = 0; i < status->tasks->len; i++)
    {
      const AakWearer *task = status->tasks->pdata[i];
      add_task (by_name, task, aak_pods_find (pods, task->pid));
    }
  add_containers (&look, aak_pods_containers (pods));
  if (status->refused != NULL)
    add_containers (&look, status->refused);
  add_seccomp (status, aak_lsm_root (lsm));
  g_ptr_array_sort (status->rows, compare_rows);
  for (guint i = 0; i < status->rows->len; i++)
    status->counts[((const AakStatusRow *) status->rows->pdata[i])->state]++;
}

AakStatus *
aak_status_read (AakLsm *lsm, AakPods *pods, GError **error)
{
  g_autoptr (AakStatus) status = g_new0 (AakStatus, 1);
  status->rows = g_ptr_array_new_with_free_func (row_free);
  aak_pods_refresh (pods);
  status->store = aak_store_read (aak_lsm_root (lsm), error);
  status->actual = status->store != NULL ? aak_lsm_list (lsm, error) : NULL;
  status->tasks = status->actual != NULL ? aak_lsm_tasks (lsm, &status->hidden, error) : NULL;
  if (status->tasks == NULL)
    return NULL;
  status->blind_spot = aak_lsm_blind_spot (aak_lsm_root (lsm));
  if (aak_fs_is_host (aak_lsm_root (lsm)))
    status->refused = aak_refusals_read (pods, &status->log_problem);
  put_together (status, lsm, pods);
  return g_steal_pointer (&status);
}

AakStatusRow *
aak_status_get (AakStatus *status, const char *name)
{
  guint at = 0;
  while (at < status->rows->len
         && strcmp (((const AakStatusRow *) status->rows->pdata[at])->name, name) < 0)
    at++;
  if (at < status->rows->len
      && strcmp (((const AakStatusRow *) status->rows->pdata[at])->name, name) == 0)
    return status->rows->pdata[at];
  AakStatusRow *row = row_new (status, name);
  row->state = AAK_STATUS_ABSENT;
  g_ptr_array_insert (status->rows, (int) at, row);
  return row;
}

gboolean
aak_status_row_differs (const AakStatusRow *row)
{
  switch (row->state)
    {
    case AAK_STATUS_DRIFTED:
    case AAK_STATUS_MISSING:
    case AAK_STATUS_WANTED:
    case AAK_STATUS_ABSENT:
      return TRUE;
    case AAK_STATUS_LOADED:
    case AAK_STATUS_LEARNING:
    case AAK_STATUS_FOREIGN:
    case AAK_STATUS_N:
      break;
    }
  return row->lacking->len > 0;
}

gboolean
aak_status_differs (const AakStatus *status)
{
  for (guint i = 0; i < status->rows->len; i++)
    if (aak_status_row_differs (status->rows->pdata[i]))
      return TRUE;
  return FALSE;
}
