/* SPDX-License-Identifier: GPL-2.0-or-later
 * From writes to directories. */
#include "config.h"

#include "learn/rootfs-writes.h"

#include "lib/sort.h"

#include <string.h>

#define WRITES   (AAK_PERM_W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D | AAK_PERM_L)
#define IN_PLACE (AAK_PERM_W | AAK_PERM_A)

/* Mounted into every container beside its volumes: OCI runtime specification, config-linux.md
 * (default filesystems), and what the kubelet adds. */
static gboolean
is_of_runtime (const char *path)
{
  static const char *const trees[] = { "/proc/", "/sys/", "/dev/" };
  static const char *const files[] = { "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (trees); i++)
    if (g_str_has_prefix (path, trees[i]))
      return TRUE;
  return g_strv_contains (files, path);
}

static gboolean
is_write (const AakObservation *access, const AakVolumes *volumes)
{
  return access->class == AAK_CLASS_FILE && (access->perms & WRITES) != 0 && *access->name == '/'
         && !is_of_runtime (access->name)
         && !aak_volumes_hold (volumes, access->name, AAK_VOLUMES_ANY);
}

/* The directory that has to be writable, with a slash at its end: of a directory whose mode or
 * owner is changed itself, else that which the name is in. */
static char *
directory_of (const AakObservation *access)
{
  const char *path = access->name;
  gsize len = strlen (path);
  gboolean is_directory = path[len - 1] == '/';
  if (is_directory && (access->perms & WRITES & ~(guint) IN_PLACE) == 0)
    return g_strdup (path);
  if (is_directory && len > 1)
    len--;
  while (len > 1 && path[len - 1] != '/')
    len--;
  return g_strndup (path, len);
}

/* Sorted so, a directory comes before all that lies below it. */
static GPtrArray *
outermost (GPtrArray *sorted)
{
  GPtrArray *outer = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < sorted->len; i++)
    {
      const char *dir = sorted->pdata[i];
      const char *last = outer->len > 0 ? outer->pdata[outer->len - 1] : NULL;
      if (last == NULL || !g_str_has_prefix (dir, last))
        g_ptr_array_add (outer, g_strdup (dir));
    }
  return outer;
}

GPtrArray *
aak_rootfs_writes (const AakObservations *observations)
{
  const AakVolumes *volumes = aak_observations_volumes (observations);
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  g_autoptr (GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < accesses->len; i++)
    if (is_write (accesses->pdata[i], volumes))
      g_ptr_array_add (dirs, directory_of (accesses->pdata[i]));
  aak_sort (dirs, aak_compare_texts);
  return outermost (dirs);
}
