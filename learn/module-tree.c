/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding the directories of modules that a file lies in. */
#include "config.h"

#include "learn/module-tree.h"

#include "learn/path-widen.h"
#include "learn/pattern-table.h"

#include <string.h>

/* The extension with its dot where it is a module's, or NULL. */
static const char *
kind_of (const char *path)
{
  const char *dot = strrchr (path, '.');
  char *const *kinds = aak_pattern_table ()->modules.kinds;
  return dot != NULL && dot > path && dot[-1] != '/'
                 && g_strv_contains ((const char *const *) kinds, dot + 1)
             ? dot
             : NULL;
}

/* TRUE where the @len bytes at @name call a directory of modules: "python3.11". */
static gboolean
is_name (const char *name, gsize len)
{
  while (len > 0 && (g_ascii_isdigit (name[len - 1]) || name[len - 1] == '.'))
    len--;
  g_autofree char *plain = g_strndup (name, len);
  char *const *names = aak_pattern_table ()->modules.names;
  return g_strv_contains ((const char *const *) names, plain);
}

/* Adds the pattern of a tree that begins with @pattern up to the slash at @slash. */
static void
add_tree (GPtrArray *found, const char *pattern, const char *slash, const char *stars,
          const char *kind)
{
  g_autofree char *dir = g_strndup (pattern, (gsize) (slash - pattern) + 1);
  g_ptr_array_add (found, g_strconcat (dir, stars, kind, NULL));
}

GPtrArray *
aak_module_trees_find (const AakVolumes *volumes, const char *path)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  const char *kind = *path == '/' && strstr (path, "//") == NULL ? kind_of (path) : NULL;
  if (kind == NULL)
    return found;
  g_autofree char *pattern = aak_path_widen_nothing (path);
  const char *name = path + 1, *in_pattern = pattern;
  gboolean open = FALSE, inside = FALSE;
  /* Path and pattern have their slashes in the same places. */
  for (const char *slash = strchr (name, '/'); slash != NULL; slash = strchr (name, '/'))
    {
      in_pattern = strchr (in_pattern + 1, '/');
      inside = inside || is_name (name, (gsize) (slash - name));
      name = slash + 1;
      g_autofree char *dir = g_strndup (path, (gsize) (name - path));
      open = inside && !aak_volumes_touch (volumes, dir);
      if (open)
        add_tree (found, pattern, in_pattern, "**", kind);
    }
  if (open)
    add_tree (found, pattern, in_pattern, "*", kind);
  return found;
}
