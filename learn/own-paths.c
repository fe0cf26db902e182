/* SPDX-License-Identifier: GPL-2.0-or-later
 * Telling what is an application's own by what it did. */
#include "config.h"

#include "learn/own-paths.h"

#include <string.h>

/* The directory that @path lies in; NULL where that is the root. */
static char *
directory_of (const char *path)
{
  gsize len = strlen (path);
  g_autofree char *bare = g_strndup (path, len > 0 && path[len - 1] == '/' ? len - 1 : len);
  char *slash = strrchr (bare, '/');
  return slash != NULL && slash > bare ? g_strndup (bare, (gsize) (slash - bare)) : NULL;
}

/* Adds what was created; @dirs gets the directories where that lies. */
static void
add_created (AakOwnPaths *own, const GPtrArray *sorted, GHashTable *dirs)
{
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_FILE || (access->perms & AAK_PERM_C) == 0)
        continue;
      char *dir = directory_of (access->name);
      if (g_hash_table_add (own->created, access->name))
        aak_name_siblings_count (own->siblings, access->name);
      if (dir != NULL)
        g_hash_table_add (dirs, dir);
    }
}

/* Adds what was written to in one of @dirs, since the application keeps its files there. */
static void
add_written (AakOwnPaths *own, const GPtrArray *sorted, GHashTable *dirs)
{
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_FILE || (access->perms & (AAK_PERM_W | AAK_PERM_A)) == 0)
        continue;
      g_autofree char *dir = directory_of (access->name);
      if (dir != NULL && g_hash_table_contains (dirs, dir))
        g_hash_table_add (own->created, access->name);
    }
}

void
aak_own_paths_init (AakOwnPaths *own, const AakObservations *observations, const GPtrArray *sorted)
{
  own->created = g_hash_table_new (g_str_hash, g_str_equal);
  own->volumes = aak_observations_volumes (observations);
  own->siblings = aak_name_siblings_new ();
  g_autoptr (GHashTable) dirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_created (own, sorted, dirs);
  add_written (own, sorted, dirs);
}

void
aak_own_paths_clear (AakOwnPaths *own)
{
  g_clear_pointer (&own->created, g_hash_table_unref);
  g_clear_pointer (&own->siblings, aak_name_siblings_free);
}

gboolean
aak_own_paths_have (const AakOwnPaths *own, const char *path)
{
  return g_hash_table_contains (own->created, path)
         || aak_volumes_hold (own->volumes, path, AAK_VOLUMES_OWN);
}
