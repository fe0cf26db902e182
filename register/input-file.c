/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads files of policy, and tells texts from what is compiled. */
#include "config.h"

#include "register/input-file.h"

#include "lib/bundle.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/policy/set.h"
#include "lib/policy/policy.h"
#include "lib/seccomp/name.h"
#include "lib/sort.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILES    100000
#define MAX_TEXT     ((gsize) 4 << 20)
#define MAX_ALL      ((gsize) 256 << 20)
#define MAX_FEATURES 65536
/* The link of a ConfigMap's volume that another one takes the place of when it changes. */
#define GENERATION    "..data"
#define MAX_ATTEMPTS  10
#define FEATURES_FILE ".features"

AakInputFile *
aak_input_file_ref (AakInputFile *file)
{
  return g_rc_box_acquire (file);
}

static void
file_clear (AakInputFile *file)
{
  g_free (file->path);
  g_clear_pointer (&file->content, g_bytes_unref);
  g_clear_pointer (&file->features, g_bytes_unref);
}

void
aak_input_file_unref (AakInputFile *file)
{
  g_rc_box_release_full (file, (GDestroyNotify) file_clear);
}

static AakInputFile *
set_error (GError **error, int code, const char *path, const char *why)
{
  g_set_error (error, AAK_ERROR, code, "%s: %s", path, why);
  return NULL;
}

/* The content of the file @fd, without a look at what is beside it. */
static AakInputFile *
read_content (int fd, const char *path, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GBytes) content = aak_fs_read_open (fd, shown, AAK_POLICY_MAX, error);
  if (content == NULL)
    return NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (content, &len);
  gboolean compiled = aak_policy_blob_is (content);
  if (len == 0)
    return set_error (error, AAK_ERROR_INVALID, shown, "empty: no policy in it");
  if (!compiled && memchr (data, '\0', len) != NULL)
    return set_error (error, AAK_ERROR_INVALID, shown,
                      "neither a profile text (it holds a NUL byte) nor compiled policy that a "
                      "kernel takes: compile it again");
  if (!compiled && len > MAX_TEXT)
    return set_error (error, AAK_ERROR_TOO_LARGE, shown,
                      "larger than a profile text may be, 4 MiB");
  AakInputFile *file = g_rc_box_new0 (AakInputFile);
  file->path = g_steal_pointer (&shown);
  file->content = g_steal_pointer (&content);
  file->compiled = compiled;
  return file;
}

/* Takes the feature set that is open as @fd, or was not there. */
static gboolean
take_features (int fd, const char *path, GBytes **out_features, GError *why, GError **error)
{
  if (fd < 0 && g_error_matches (why, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    {
      g_error_free (why);
      return TRUE;
    }
  if (fd < 0)
    {
      g_propagate_error (error, why);
      return FALSE;
    }
  *out_features = aak_fs_read_open (fd, path, MAX_FEATURES, error);
  return *out_features != NULL;
}

AakInputFile *
aak_input_file_read (int fd, const char *path, AakPathTrust trust, GError **error)
{
  g_autoptr (AakInputFile) file = read_content (fd, path, error);
  if (file == NULL || !file->compiled)
    return g_steal_pointer (&file);
  GError *why = NULL;
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *beside = g_build_filename (dir, FEATURES_FILE, NULL);
  g_auto (AakFd) features = aak_path_open (beside, trust, &why);
  if (!take_features (features, beside, &file->features, why, error))
    return NULL;
  return g_steal_pointer (&file);
}

/* --- directories ----------------------------------------------------------------------------- */

/* The names of @dir, sorted. */
static GPtrArray *
list_names (int dir, const char *path, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_auto (AakFd) fd = openat (dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_autoptr (DIR) entries = aak_fd_entries (&fd);
  if (entries == NULL)
    {
      aak_error_set_errno (error, errno, "cannot read %s", shown);
      return NULL;
    }
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const struct dirent *entry = readdir (entries); entry != NULL; entry = readdir (entries))
    {
      if (aak_policy_skip_file (entry->d_name) || aak_seccomp_is_path (entry->d_name))
        continue;
      g_ptr_array_add (names, g_strdup (entry->d_name));
      if (names->len > MAX_FILES)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: more than %d files", shown,
                       MAX_FILES);
          return NULL;
        }
    }
  g_ptr_array_sort (names, aak_compare_texts);
  return g_steal_pointer (&names);
}

/* Adds the file @name of the directory @dir, unless it is a directory. */
static gboolean
add_entry (GPtrArray *files, int dir, const char *path, const char *name, AakPathTrust trust,
           GError **error)
{
  struct stat st;
  g_autofree char *child = g_build_filename (path, name, NULL);
  g_auto (AakFd) fd = aak_path_open_below (dir, path, name, trust, error);
  if (fd < 0)
    return FALSE;
  if (fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot read a file");
  if (S_ISDIR (st.st_mode))
    return TRUE;
  AakInputFile *file = read_content (fd, child, error);
  if (file == NULL)
    return FALSE;
  g_ptr_array_add (files, file);
  return TRUE;
}

/* Gives what is compiled the feature set of its directory. */
static gboolean
add_features (GPtrArray *files, int dir, const char *path, AakPathTrust trust, GError **error)
{
  GError *why = NULL;
  g_autoptr (GBytes) features = NULL;
  g_autofree char *beside = g_build_filename (path, FEATURES_FILE, NULL);
  g_auto (AakFd) fd = aak_path_open_below (dir, path, FEATURES_FILE, trust, &why);
  if (!take_features (fd, beside, &features, why, error))
    return FALSE;
  for (guint i = 0; features != NULL && i < files->len; i++)
    {
      AakInputFile *file = files->pdata[i];
      if (file->compiled)
        file->features = g_bytes_ref (features);
    }
  return TRUE;
}

static GPtrArray *
read_once (int dir, const char *path, AakPathTrust trust, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (dir, path, error);
  g_autoptr (GPtrArray) files =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_input_file_unref);
  gsize size = 0;
  g_autofree char *shown = aak_escape (path, strlen (path));
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      guint before = files->len;
      if (!add_entry (files, dir, path, names->pdata[i], trust, error))
        return NULL;
      if (files->len > before)
        size += g_bytes_get_size (((AakInputFile *) files->pdata[before])->content);
      if (size > MAX_ALL)
        {
          set_error (error, AAK_ERROR_TOO_LARGE, shown, "more than 256 MiB of policy");
          return NULL;
        }
    }
  if (names == NULL || !add_features (files, dir, path, trust, error))
    return NULL;
  if (files->len > 0)
    return g_steal_pointer (&files);
  set_error (error, AAK_ERROR_NOT_FOUND, shown, "no profile in this directory");
  return NULL;
}

/* Where the link of the volume's generation leads, "" where @dir is no such volume. */
static char *
read_generation (int dir)
{
  char target[PATH_MAX];
  ssize_t len = readlinkat (dir, GENERATION, target, sizeof target);
  return g_strndup (target, len > 0 ? (gsize) len : 0);
}

GPtrArray *
aak_input_file_read_all (int dir, const char *path, AakPathTrust trust, GError **error)
{
  for (guint attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
    {
      GError *why = NULL;
      g_autofree char *before = read_generation (dir);
      g_autoptr (GPtrArray) files = read_once (dir, path, trust, &why);
      g_autofree char *after = read_generation (dir);
      if (strcmp (before, after) != 0)
        {
          g_clear_error (&why);
          continue;
        }
      if (why != NULL)
        g_propagate_error (error, why);
      return g_steal_pointer (&files);
    }
  g_autofree char *shown = aak_escape (path, strlen (path));
  set_error (error, AAK_ERROR_BUSY, shown, "changes again and again while it is read");
  return NULL;
}

gboolean
aak_input_file_enter (AakFd *dir, const char *path, AakPathTrust trust, GError **error)
{
  struct stat st;
  g_autofree char *generation = read_generation (*dir);
  if (*generation == '\0' || !aak_bundle_is_open (*dir))
    return TRUE;
  g_auto (AakFd) fd = aak_path_open_below (*dir, path, GENERATION, trust, error);
  if (fd < 0)
    return FALSE;
  if (fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot read a path");
  if (S_ISDIR (st.st_mode))
    {
      aak_fd_clear (dir);
      *dir = aak_fd_steal (&fd);
    }
  return TRUE;
}
