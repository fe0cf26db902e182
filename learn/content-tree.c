/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding content trees. */
#include "config.h"

#include "learn/content-tree.h"

#include "learn/path-pattern.h"
#include "learn/sensitive.h"

#include <string.h>

struct AakContentTree
{
  char *dir; /* with its trailing slash */
};

/* Below these no directory is content: programs, configuration, the kernel's interfaces, homes. */
static const char *const system_dirs[] = { "/bin/",
                                           "/boot/",
                                           "/dev/",
                                           "/etc/",
                                           "/home/",
                                           "/lib/",
                                           "/lib32/",
                                           "/lib64/",
                                           "/proc/",
                                           "/root/",
                                           "/run/",
                                           "/sbin/",
                                           "/snap/",
                                           "/sys/",
                                           "/usr/",
                                           "/var/run/",
                                           "/var/lib/kubelet/",
                                           "/var/run/secrets/" };
/* But these, where images keep content by convention. */
static const char *const content_dirs[] = { "/usr/share/nginx/", "/usr/local/apache2/htdocs/",
                                            "/usr/share/caddy/", "/usr/local/share/www/" };

static gboolean
has_prefix_of (const char *dir, const char *const *prefixes, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (g_str_has_prefix (dir, prefixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
may_hold_content (const char *dir)
{
  if (has_prefix_of (dir, content_dirs, G_N_ELEMENTS (content_dirs)))
    return TRUE;
  guint depth = 0;
  for (const char *p = dir; *p != '\0'; p++)
    depth += *p == '/';
  return depth >= 3 && !has_prefix_of (dir, system_dirs, G_N_ELEMENTS (system_dirs));
}

/* The extension with its dot, or NULL: short, plain, and not the whole name. */
static const char *
extension_of (const char *path)
{
  const char *base = strrchr (path, '/') + 1;
  const char *dot = strrchr (base, '.');
  if (dot == NULL || dot == base || dot[1] == '\0' || strlen (dot) > 8)
    return NULL;
  for (const char *p = dot + 1; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p))
      return NULL;
  return dot;
}

static gboolean
is_read_only_file (const AakObservation *observation)
{
  return observation->class == AAK_CLASS_FILE && *observation->name == '/'
         && observation->perms != 0
         && (observation->perms & ~(guint) (AAK_PERM_R | AAK_PERM_K)) == 0
         && !aak_sensitive_is_secret (observation->name)
         && extension_of (observation->name) != NULL;
}

static char *
directory_of (const char *path)
{
  return g_strndup (path, (gsize) (strrchr (path, '/') - path) + 1);
}

static void
tree_free (gpointer data)
{
  AakContentTree *tree = data;
  g_free (tree->dir);
  g_free (tree);
}

/* The outermost tree that @path lies in. */
static const AakContentTree *
find_by_path (GHashTable *trees, const char *path)
{
  g_autofree char *dir = g_strdup (path);
  for (char *slash = strchr (dir + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      char after = slash[1];
      slash[1] = '\0';
      const AakContentTree *tree = g_hash_table_lookup (trees, dir);
      slash[1] = after;
      if (tree != NULL)
        return tree;
    }
  return NULL;
}

/* Adds the directory of @path as a tree. */
static void
add_tree (GHashTable *trees, const char *path)
{
  AakContentTree *tree = g_new0 (AakContentTree, 1);
  tree->dir = directory_of (path);
  g_hash_table_replace (trees, tree->dir, tree);
}

GHashTable *
aak_content_tree_detect (GPtrArray *sorted)
{
  GHashTable *trees = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, tree_free);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      if (!is_read_only_file (observation))
        continue;
      g_autofree char *dir = directory_of (observation->name);
      if (!may_hold_content (dir))
        continue;
      char *key = g_strconcat (dir, extension_of (observation->name), NULL);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (count));
      if (count == AAK_CONTENT_MIN_SIBLINGS)
        add_tree (trees, observation->name);
    }
  return trees;
}

const AakContentTree *
aak_content_tree_find (GHashTable *trees, const AakObservation *observation)
{
  return is_read_only_file (observation) ? find_by_path (trees, observation->name) : NULL;
}

char *
aak_content_tree_pattern (const AakContentTree *tree, const char *path)
{
  GString *out = g_string_new (NULL);
  aak_path_pattern_append_literal (out, tree->dir, strlen (tree->dir));
  g_string_append (out, "**");
  aak_path_pattern_append_literal (out, extension_of (path), strlen (extension_of (path)));
  return g_string_free (out, FALSE);
}
