/* SPDX-License-Identifier: GPL-2.0-or-later
 * Walking a root filesystem, by descriptors: a directory that becomes a link meanwhile leads
 * nowhere. */
#include "config.h"

#include "learn/image-tree.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

typedef struct
{
  AakImageTree *tree;
  GString *path; /* of the directory that is read, with its slash */
  dev_t device;
  guint depth;
} Walk;

void
aak_image_tree_free (AakImageTree *tree)
{
  g_string_free (tree->paths, TRUE);
  g_free (tree);
}

static gboolean walk (Walk *walk, AakFd *fd);

/* TRUE where the bounds allow one more entry. */
static gboolean
has_room (Walk *walk, const char *name)
{
  AakImageTree *tree = walk->tree;
  gsize bytes = tree->paths->len + walk->path->len + strlen (name) + 1;
  if (tree->entries < AAK_IMAGE_TREE_MAX && bytes <= AAK_IMAGE_TREE_MAX_BYTES)
    return TRUE;
  tree->cut = TRUE;
  return FALSE;
}

static void
enter (Walk *at, int parent, const char *name)
{
  gsize len = at->path->len;
  if (at->depth == AAK_IMAGE_TREE_MAX_DEPTH)
    {
      at->tree->cut = TRUE;
      return;
    }
  g_auto (AakFd) fd = openat (parent, name, DIRECTORY);
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0 || st.st_dev != at->device)
    return;
  g_string_append_printf (at->path, "%s/", name);
  g_string_append_len (at->tree->paths, at->path->str, (gssize) at->path->len + 1);
  at->depth++;
  walk (at, &fd);
  at->depth--;
  g_string_truncate (at->path, len);
}

/* What @entry of the directory @parent is; DT_UNKNOWN where it is gone. */
static int
type_of (int parent, const struct dirent *entry)
{
  struct stat st;
  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type;
  return fstatat (parent, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? IFTODT (st.st_mode)
                                                                        : DT_UNKNOWN;
}

static void
take (Walk *at, int parent, const struct dirent *entry)
{
  int type = type_of (parent, entry);
  at->tree->entries++;
  if (type == DT_DIR)
    enter (at, parent, entry->d_name);
  else if (type != DT_LNK && type != DT_UNKNOWN)
    {
      g_string_append_len (at->tree->paths, at->path->str, (gssize) at->path->len);
      g_string_append_len (at->tree->paths, entry->d_name, (gssize) strlen (entry->d_name) + 1);
    }
}

/* Takes @fd. */
static gboolean
walk (Walk *at, AakFd *fd)
{
  int parent = *fd;
  g_autoptr (DIR) dir = aak_fd_entries (fd);
  if (dir == NULL)
    return FALSE;
  for (struct dirent *entry = readdir (dir); entry != NULL; entry = readdir (dir))
    {
      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
        continue;
      if (!has_room (at, entry->d_name))
        break;
      take (at, parent, entry);
    }
  return TRUE;
}

AakImageTree *
aak_image_tree_read (const char *dir, GError **error)
{
  g_autoptr (AakImageTree) tree = g_new0 (AakImageTree, 1);
  g_autoptr (GString) path = g_string_new ("/");
  tree->paths = g_string_new (NULL);
  Walk at = { .tree = tree, .path = path };
  g_auto (AakFd) fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat st;
  if (fd >= 0 && fstat (fd, &st) == 0)
    {
      at.device = st.st_dev;
      if (walk (&at, &fd))
        return g_steal_pointer (&tree);
    }
  int code = errno;
  g_autofree char *shown = aak_escape (dir, strlen (dir));
  aak_error_set_errno (error, code, "cannot read the directory %s", shown);
  return NULL;
}

void
aak_image_tree_subtract (AakImageTree *tree, const AakImageTree *other)
{
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  GString *rest = g_string_new (NULL);
  const char *end = other->paths->str + other->paths->len;
  for (const char *path = other->paths->str; path < end; path += strlen (path) + 1)
    g_hash_table_add (paths, (gpointer) path);
  end = tree->paths->str + tree->paths->len;
  for (const char *path = tree->paths->str; path < end; path += strlen (path) + 1)
    if (!g_hash_table_contains (paths, path))
      g_string_append_len (rest, path, (gssize) strlen (path) + 1);
  g_string_free (tree->paths, TRUE);
  tree->paths = rest;
}
