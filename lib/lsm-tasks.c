/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Who wears a label: a look at /proc. */
#include "config.h"

#include "lib/lsm.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/task-label.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_COMM 256
/* The number of links of /proc/PID/task where a process has one thread: ".", ".." and that one
 * (fs/proc/base.c, proc_task_getattr). */
#define ONE_THREAD 3
/* The initial PID namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu

void
aak_wearer_free (AakWearer *wearer)
{
  g_free (wearer->label);
  g_free (wearer->comm);
  g_free (wearer);
}

/* --- labels ---------------------------------------------------------------------------------- */

/* @label without the " (mode)" at its end. */
static char *
strip_mode (const char *label)
{
  char *bare = g_strdup (label);
  g_free (aak_task_label_cut_mode (bare));
  return bare;
}

gboolean
aak_lsm_label_has (const char *label, const char *name)
{
  g_autofree char *bare = strip_mode (label);
  g_autofree char *child = g_strconcat (name, "//", NULL);
  g_auto (GStrv) stack = g_strsplit (bare, "//&", -1);
  for (char **one = stack; *one != NULL; one++)
    if (strcmp (*one, name) == 0 || g_str_has_prefix (*one, child))
      return TRUE;
  return FALSE;
}

/* --- one task -------------------------------------------------------------------------------- */

/* What a look goes through. */
typedef struct
{
  GPtrArray *wearers;
  guint hidden;
} Look;

/* The label of the task whose directory is @dir; NULL where it is gone, and where it cannot be
 * read, which counts in @hidden. */
static char *
read_label (const char *dir, guint *hidden)
{
  g_autoptr (GError) error = NULL;
  g_auto (AakFd) fd = open (dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    {
      *hidden += errno != ENOENT && errno != ESRCH;
      return NULL;
    }
  char *label = aak_task_label_read (fd, dir, &error);
  *hidden += label == NULL && !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND);
  return label;
}

static void
add_wearer (Look *look, const char *dir, const char *id, const char *label)
{
  g_autofree char *path = g_build_filename (dir, "comm", NULL);
  g_autofree char *comm = aak_fs_read_text (path, MAX_COMM, NULL);
  AakWearer *wearer = g_new0 (AakWearer, 1);
  wearer->pid = (guint) g_ascii_strtoull (id, NULL, 10);
  wearer->label = strip_mode (label);
  wearer->comm = comm != NULL ? aak_escape (comm, strlen (comm)) : g_strdup ("?");
  g_ptr_array_add (look->wearers, wearer);
}

static gboolean
is_confined (const char *label)
{
  return *label != '\0' && strcmp (label, "unconfined") != 0;
}

/* The threads of the process @pid that wear another label than @label, which it wears itself. */
static void
look_at_threads (Look *look, const char *dir, const char *pid, const char *label)
{
  g_autofree char *path = g_build_filename (dir, "task", NULL);
  struct stat st;
  if (stat (path, &st) == 0 && st.st_nlink == ONE_THREAD)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) threads = aak_fs_names (path, &error);
  look->hidden += threads == NULL && !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND);
  for (guint i = 0; threads != NULL && i < threads->len; i++)
    {
      const char *id = threads->pdata[i];
      g_autofree char *thread = g_build_filename (path, id, NULL);
      g_autofree char *other = strcmp (id, pid) != 0 ? read_label (thread, &look->hidden) : NULL;
      if (other != NULL && strcmp (other, label) != 0 && is_confined (other))
        add_wearer (look, thread, id, other);
    }
}

static void
look_at (Look *look, const char *proc, const char *pid)
{
  g_autofree char *dir = g_build_filename (proc, pid, NULL);
  g_autofree char *label = read_label (dir, &look->hidden);
  if (label == NULL)
    return;
  if (is_confined (label))
    add_wearer (look, dir, pid, label);
  look_at_threads (look, dir, pid, label);
}

/* --- all of them ----------------------------------------------------------------------------- */

static int
compare_wearers (gconstpointer a, gconstpointer b)
{
  const AakWearer *const *left = a, *const *right = b;
  return (*left)->pid < (*right)->pid ? -1 : (*left)->pid > (*right)->pid;
}

GPtrArray *
aak_lsm_tasks (AakLsm *lsm, guint *out_hidden, GError **error)
{
  g_autofree char *proc = aak_fs_path (aak_lsm_root (lsm), "/proc");
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) names = aak_fs_names (proc, &local);
  gboolean none = aak_lsm_note (lsm) != NULL && names == NULL
                  && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND);
  if (names == NULL && !none)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  Look look = { .wearers = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_wearer_free) };
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_ascii_isdigit (*(const char *) names->pdata[i]))
      look_at (&look, proc, names->pdata[i]);
  g_ptr_array_sort (look.wearers, compare_wearers);
  if (out_hidden != NULL)
    *out_hidden = look.hidden;
  return look.wearers;
}

char *
aak_lsm_label_of (const AakLsm *lsm, guint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u", pid);
  g_autofree char *dir = aak_fs_path (aak_lsm_root (lsm), path);
  guint hidden = 0;
  g_autofree char *label = read_label (dir, &hidden);
  return label != NULL ? strip_mode (label) : NULL;
}

const char *
aak_lsm_blind_spot (const char *root)
{
  struct stat st;
  if (!aak_fs_is_host (root))
    return NULL;
  if (stat ("/proc/self/ns/pid", &st) == 0 && st.st_ino != INITIAL_PID_NAMESPACE)
    return "this PID namespace is not the node's: tasks outside of it are not seen (hostPID: true "
           "shows them)";
  if (stat ("/proc/1", &st) < 0)
    return "/proc is mounted with hidepid: tasks of others are not seen (CAP_SYS_PTRACE shows them)";
  return NULL;
}
