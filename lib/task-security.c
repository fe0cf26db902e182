/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the files of /proc/PID that tell of its security. */
#include "config.h"

#include "lib/task-security.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/task-label.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* The lists of groups and processors can be long. */
#define MAX_STATUS (2 * 1024 * 1024)
#define MAX_COMM   256
/* The kernel takes 340 lines (user_namespaces(7)). */
#define MAX_MAP (64 * 1024)
#define ALL_IDS "0 0 4294967295"

void
aak_task_security_free (AakTaskSecurity *task)
{
  g_free (task->comm);
  g_free (task->label);
  g_free (task->mode);
  g_free (task->uid_map);
  g_free (task);
}

/* --- status ---------------------------------------------------------------------------------- */

/* The words of the first line of @text that begins with @key and a colon; NULL where there is
 * none. */
static char **
find_words (const char *text, const char *key)
{
  gsize len = strlen (key);
  for (const char *line = text; line != NULL;
       line = strchr (line, '\n') != NULL ? strchr (line, '\n') + 1 : NULL)
    if (strncmp (line, key, len) == 0 && line[len] == ':')
      {
        g_autofree char *value = g_strndup (line + len + 1, strcspn (line + len + 1, "\n"));
        return g_strsplit_set (g_strstrip (value), "\t", -1);
      }
  return NULL;
}

/* The word number @at of the line @key as a number up to @max. */
static gboolean
find_number (const char *text, const char *key, guint at, guint64 max, guint64 *out)
{
  g_auto (GStrv) words = find_words (text, key);
  return words != NULL && at < g_strv_length (words)
         && g_ascii_string_to_unsigned (words[at], 10, 0, max, out, NULL);
}

/* "Z (zombie)", "X (dead)": it has exited, and holds nothing any more. */
static gboolean
has_ended (const char *text)
{
  g_auto (GStrv) words = find_words (text, "State");
  return words != NULL && words[0] != NULL && (words[0][0] == 'Z' || words[0][0] == 'X');
}

static gboolean
find_set (const char *text, const char *key, AakCapabilitySet *out)
{
  g_auto (GStrv) words = find_words (text, key);
  return words != NULL && g_strv_length (words) == 1 && aak_capability_set_parse (words[0], out);
}

/* The key of the first line that is missing or damaged; NULL where all are as they should be. */
static const char *
parse_sets (const char *text, AakTaskStatus *status)
{
  const struct
  {
    const char *key;
    AakCapabilitySet *set;
  } sets[] = {
    { "CapInh", &status->sets.inheritable }, { "CapPrm", &status->sets.permitted },
    { "CapEff", &status->sets.effective },   { "CapBnd", &status->sets.bounding },
    { "CapAmb", &status->sets.ambient },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    if (!find_set (text, sets[i].key, sets[i].set))
      return sets[i].key;
  return NULL;
}

/* As parse_sets(). Uid and Gid have the real, effective, saved and file system's ids. */
static const char *
parse_numbers (const char *text, AakTaskStatus *status)
{
  guint64 uid = 0, gid = 0, privs = 0, mode = 0;
  if (!find_number (text, "Uid", 1, G_MAXUINT32, &uid))
    return "Uid";
  if (!find_number (text, "Gid", 1, G_MAXUINT32, &gid))
    return "Gid";
  if (!find_number (text, "NoNewPrivs", 0, 1, &privs))
    return "NoNewPrivs";
  if (!find_number (text, "Seccomp", 0, AAK_SECCOMP_FILTER, &mode))
    return "Seccomp";
  status->uid = (guint) uid;
  status->gid = (guint) gid;
  status->no_new_privs = privs == 1;
  status->seccomp = (AakSeccompMode) mode;
  status->ended = has_ended (text);
  if (!find_number (text, "Seccomp_filters", 0, G_MAXINT64, &status->filters))
    status->filters = 0;
  return NULL;
}

gboolean
aak_task_status_parse (const char *name, const char *text, AakTaskStatus *out, GError **error)
{
  AakTaskStatus status = { 0 };
  const char *wrong = parse_sets (text, &status);
  if (wrong == NULL)
    wrong = parse_numbers (text, &status);
  if (wrong != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: the line %s is missing or damaged",
                   name, wrong);
      return FALSE;
    }
  *out = status;
  return TRUE;
}

/* --- the other files ------------------------------------------------------------------------- */

/* On kernels without AppArmor another security module may answer: its labels have no mode. */
static gboolean
is_apparmors (const char *label, const char *mode)
{
  return mode != NULL || strcmp (label, "unconfined") == 0
         || g_str_has_suffix (label, "//unconfined");
}

static void
read_label (AakTaskSecurity *task, int dir, const char *shown)
{
  g_autofree char *label = aak_task_label_read (dir, shown, NULL);
  g_autofree char *mode = label != NULL ? aak_task_label_cut_mode (label) : NULL;
  if (label == NULL || !is_apparmors (label, mode))
    return;
  task->label = g_steal_pointer (&label);
  task->mode = g_steal_pointer (&mode);
}

/* Reads "INSIDE OUTSIDE LENGTH". */
static gboolean
scan_range (const char *text, guint64 *inside, guint64 *outside, guint64 *length)
{
  char after = '\0';
  return sscanf (text, "%" G_GUINT64_FORMAT "%" G_GUINT64_FORMAT "%" G_GUINT64_FORMAT "%c", inside,
                 outside, length, &after)
         == 3;
}

static void
read_uid_map (AakTaskSecurity *task, int dir, const char *shown)
{
  g_autofree char *text = aak_fs_read_text_at (dir, shown, "uid_map", MAX_MAP, NULL);
  g_autoptr (GString) map = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      guint64 inside = 0, outside = 0, length = 0;
      if (!scan_range (*line, &inside, &outside, &length))
        continue;
      g_string_append_printf (map,
                              "%s%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                              map->len > 0 ? ", " : "", inside, outside, length);
    }
  if (map->len > 0)
    task->uid_map = g_strdup (map->str);
}

/* --- one task -------------------------------------------------------------------------------- */

AakTaskSecurity *
aak_task_security_read (const char *root, guint pid, guint tid, GError **error)
{
  g_autofree char *below = pid == tid ? g_strdup_printf ("/proc/%u", pid)
                                      : g_strdup_printf ("/proc/%u/task/%u", pid, tid);
  g_autofree char *shown = aak_fs_path (root, below);
  g_auto (AakFd) dir = open (shown, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0)
    {
      aak_error_set_errno (error, errno, "cannot look at %s", shown);
      return NULL;
    }
  g_autoptr (AakTaskSecurity) task = g_new0 (AakTaskSecurity, 1);
  task->pid = tid;
  read_label (task, dir, shown);
  read_uid_map (task, dir, shown);
  task->namespaces = aak_namespaces_read (dir);
  task->comm = aak_fs_read_text_at (dir, shown, "comm", MAX_COMM, NULL);
  if (task->comm == NULL)
    task->comm = g_strdup ("?");
  g_autofree char *status = aak_fs_read_text_at (dir, shown, "status", MAX_STATUS, error);
  g_autofree char *name = g_build_filename (shown, "status", NULL);
  if (status == NULL || !aak_task_status_parse (name, status, &task->status, error))
    return NULL;
  return g_steal_pointer (&task);
}

gboolean
aak_task_security_equal (const AakTaskSecurity *one, const AakTaskSecurity *other)
{
  const AakTaskStatus *a = &one->status, *b = &other->status;
  return a->uid == b->uid && a->gid == b->gid && aak_capability_sets_equal (&a->sets, &b->sets)
         && a->no_new_privs == b->no_new_privs && a->seccomp == b->seccomp
         && a->filters == b->filters && g_strcmp0 (one->label, other->label) == 0
         && g_strcmp0 (one->mode, other->mode) == 0 && g_strcmp0 (one->uid_map, other->uid_map) == 0
         && memcmp (&one->namespaces, &other->namespaces, sizeof one->namespaces) == 0;
}

guint
aak_task_security_hash (gconstpointer data)
{
  const AakTaskSecurity *task = data;
  const AakTaskStatus *status = &task->status;
  const AakCapabilitySets *sets = &status->sets;
  const guint64 parts[] = { status->uid,       status->gid,    sets->effective, sets->permitted,
                            sets->inheritable, sets->bounding, sets->ambient };
  guint64 hash = task->label != NULL ? g_str_hash (task->label) : 0;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    hash = (hash ^ parts[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

guint
aak_task_security_inner_uid (const AakTaskSecurity *task)
{
  guint64 uid = task->status.uid;
  if (task->uid_map == NULL)
    return (guint) uid;
  g_auto (GStrv) ranges = g_strsplit (task->uid_map, ", ", -1);
  for (char **range = ranges; *range != NULL; range++)
    {
      guint64 inside = 0, outside = 0, length = 0;
      if (scan_range (*range, &inside, &outside, &length) && uid >= outside
          && uid - outside < length)
        return (guint) (inside + uid - outside);
    }
  return G_MAXUINT32;
}

gboolean
aak_task_security_has_node_ids (const AakTaskSecurity *task, const AakTaskSecurity *init)
{
  guint64 own = task->namespaces.inode[AAK_NAMESPACE_USER];
  guint64 node = init != NULL ? init->namespaces.inode[AAK_NAMESPACE_USER] : 0;
  return own != 0 && node != 0 ? own == node : g_strcmp0 (task->uid_map, ALL_IDS) == 0;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint left = *(const guint *) a, right = *(const guint *) b;
  return left < right ? -1 : left > right;
}

GArray *
aak_task_security_threads (const char *root, guint pid, GError **error)
{
  g_autofree char *below = g_strdup_printf ("/proc/%u/task", pid);
  g_autofree char *path = aak_fs_path (root, below);
  g_autoptr (GPtrArray) names = aak_fs_names (path, error);
  if (names == NULL)
    return NULL;
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (guint));
  guint64 tid = 0;
  for (guint i = 0; i < names->len; i++)
    if (g_ascii_string_to_unsigned (names->pdata[i], 10, 1, G_MAXINT, &tid, NULL) && tid != pid)
      {
        guint thread = (guint) tid;
        g_array_append_val (threads, thread);
      }
  g_array_sort (threads, compare_numbers);
  g_array_prepend_val (threads, pid);
  return threads;
}
