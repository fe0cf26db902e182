/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the names of control groups. */
#include "config.h"

#include "lib/cgroup.h"

#include <string.h>

/* What a kernel appends to the path of a group that was removed (cgroup.c, proc_cgroup_show). */
#define DELETED " (deleted)"

/* How systemd's driver writes an id into the name of a scope. */
static const char *const prefixes[] = { "cri-containerd-", "crio-" };

static gpointer
find_scope (const char *name, GHashTable *containers)
{
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (".scope"));
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (stem, prefixes[i]))
      return g_hash_table_lookup (containers, stem + strlen (prefixes[i]));
  return NULL;
}

/* One group's own @name. */
static gpointer
find_name (const char *name, GHashTable *containers)
{
  gpointer found = g_hash_table_lookup (containers, name);
  if (found != NULL || *name == '\0')
    return found;
  if (g_str_has_suffix (name, ".scope"))
    return find_scope (name, containers);
  /* containerd without SystemdCgroup, under a kubelet that names groups as systemd does. */
  const char *id = strrchr (name, ':');
  return id != NULL ? g_hash_table_lookup (containers, id + 1) : NULL;
}

static gpointer
find_path (char *path, GHashTable *containers)
{
  gpointer found = NULL;
  if (g_str_has_suffix (path, DELETED))
    path[strlen (path) - strlen (DELETED)] = '\0';
  for (char *next = path; found == NULL && next != NULL;)
    {
      char *name = next;
      next = strchr (name, '/');
      if (next != NULL)
        *next++ = '\0';
      found = find_name (name, containers);
    }
  return found;
}

gpointer
aak_cgroup_find (const char *text, GHashTable *containers)
{
  gpointer found = NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; found == NULL && *line != NULL; line++)
    {
      /* HIERARCHY:CONTROLLERS:PATH */
      char *rest = strchr (*line, ':');
      char *path = rest != NULL ? strchr (rest + 1, ':') : NULL;
      found = path != NULL ? find_path (path + 1, containers) : NULL;
    }
  return found;
}
