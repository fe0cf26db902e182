/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Which profiles the kernel holds. Thousands of small files are read here, each from the directory
 * that it is in: a long path takes longer to walk than the file to read. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/lsm-backend.h"
#include "lib/lsm-raw.h"
#include "lib/lsm.h"
#include "lib/sort.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_WORD    8192
#define MAX_NESTING 16

/* The kernel's own hash: sha256 from 6.12 on, sha1 before. */
static const char *const algorithms[] = { "sha256", "sha1" };

typedef struct
{
  GPtrArray *out;  /* of AakLoaded */
  guint algorithm; /* of the profile before, and so most likely of the next one */
} Listing;

void
aak_loaded_free (AakLoaded *loaded)
{
  g_free (loaded->name);
  g_free (loaded->hash);
  g_free (loaded->path);
  g_free (loaded);
}

/* --- a profile ------------------------------------------------------------------------------- */

/* Fills @out with all that @fd has to give, and gives its length; -1 with errno. */
static gssize
read_bytes (int fd, char *out, gsize size)
{
  gsize len = 0;
  while (len < size)
    {
      ssize_t n = read (fd, out + len, size - len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        return (gssize) len;
      len += (gsize) n;
    }
  errno = EFBIG;
  return -1;
}

/* Reads the file @name of a profile's directory, without the newline at its end: NULL with errno.
 */
static char *
read_word (int dir, const char *name)
{
  char bytes[MAX_WORD];
  g_auto (AakFd) fd = openat (dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  gssize len = fd >= 0 ? read_bytes (fd, bytes, sizeof bytes) : -1;
  if (len < 0)
    return NULL;
  while (len > 0 && bytes[len - 1] == '\n')
    len--;
  if (len > 0 && memchr (bytes, '\0', (gsize) len) == NULL)
    return g_strndup (bytes, (gsize) len);
  errno = EINVAL;
  return NULL;
}

/* The same; FALSE with an error, or without one where the profile has vanished meanwhile. */
static gboolean
read_word_of (int dir, const char *path, const char *name, char **out, GError **error)
{
  *out = read_word (dir, name);
  if (*out == NULL && errno != ENOENT)
    aak_error_set_errno (error, errno, "cannot read %s/%s", path, name);
  return *out != NULL;
}

/* Computed here where the kernel keeps none (hash_policy is off). */
static char *
read_hash (Listing *listing, int dir, const char *path, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      guint algorithm = (listing->algorithm + i) % G_N_ELEMENTS (algorithms);
      g_autofree char *hex = read_word (dir, algorithms[algorithm]);
      if (hex == NULL)
        continue;
      listing->algorithm = algorithm;
      return g_strconcat (algorithms[algorithm], ":", hex, NULL);
    }
  return aak_lsm_raw_hash (path, name);
}

static gint64
time_of (int dir)
{
  struct stat st;
  return fstat (dir, &st) == 0 ? (gint64) st.st_mtim.tv_sec : 0;
}

/* Reads the profile whose directory is open as @dir. NULL with an error, or without one where it
 * has vanished meanwhile. */
static AakLoaded *
read_loaded (Listing *listing, int dir, const char *path, const char *parent, GError **error)
{
  g_autofree char *name = NULL, *word = NULL;
  AakMode mode;
  if (!read_word_of (dir, path, "name", &name, error)
      || !read_word_of (dir, path, "mode", &word, error))
    return NULL;
  if (!aak_mode_parse (word, &mode))
    {
      g_autofree char *shown = aak_escape (word, strlen (word));
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
                   "%s: the mode \"%s\" is not known here: this kernel needs a newer aakit", path,
                   shown);
      return NULL;
    }
  AakLoaded *loaded = g_new0 (AakLoaded, 1);
  /* A child's file holds its last component only (security/apparmor/policy.c, base.name). */
  loaded->name = parent != NULL ? g_strconcat (parent, "//", name, NULL) : g_strdup (name);
  loaded->mode = mode;
  loaded->hash = read_hash (listing, dir, path, loaded->name);
  loaded->path = g_strdup (path);
  loaded->changed = time_of (dir);
  return loaded;
}

/* --- all of them ----------------------------------------------------------------------------- */

static gboolean list_below (Listing *listing, int above, const char *name, const char *path,
                            const char *parent, int depth, GError **error);

/* Adds the profile in the directory @name of @above, and its children. One that has vanished is no
 * error, one that cannot be read is: what is loaded must not be taken for missing. */
static gboolean
list_one (Listing *listing, int above, const char *name, const char *path, const char *parent,
          int depth, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *child = g_build_filename (path, name, NULL);
  g_auto (AakFd) dir = openat (above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0)
    return errno == ENOENT || aak_error_set_errno (error, errno, "cannot read %s", child);
  AakLoaded *loaded = read_loaded (listing, dir, child, parent, &local);
  if (loaded != NULL)
    {
      g_ptr_array_add (listing->out, loaded);
      g_autofree char *children = g_build_filename (child, "profiles", NULL);
      return list_below (listing, dir, "profiles", children, loaded->name, depth + 1, error);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Adds the profiles in the directory @name of @above, which is @path; none where it is not there.
 */
static gboolean
list_below (Listing *listing, int above, const char *name, const char *path, const char *parent,
            int depth, GError **error)
{
  g_auto (AakFd) fd = openat (above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (depth == MAX_NESTING || (fd < 0 && errno == ENOENT))
    return TRUE;
  g_autoptr (DIR) entries = aak_fd_entries (&fd);
  if (entries == NULL)
    return aak_error_set_errno (error, errno, "cannot read %s", path);
  errno = 0;
  for (const struct dirent *entry = readdir (entries); entry != NULL; entry = readdir (entries))
    {
      if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0
          && !list_one (listing, dirfd (entries), entry->d_name, path, parent, depth, error))
        return FALSE;
      errno = 0;
    }
  /* ENOENT: the profile that they are in has gone */
  return errno == 0 || errno == ENOENT
         || aak_error_set_errno (error, errno, "cannot read %s", path);
}

static int
compare_loaded (gconstpointer a, gconstpointer b)
{
  const AakLoaded *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

static GPtrArray *
list_all (AakLsm *lsm, GError **error)
{
  g_autofree char *path = g_build_filename (aak_lsm_dir (lsm), "policy/profiles", NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  Listing listing = { .out = list };
  if (aak_lsm_note (lsm) == NULL && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      aak_error_set_errno (error, ENOENT, "cannot read %s", path);
      return NULL;
    }
  if (!list_below (&listing, AT_FDCWD, path, path, NULL, 0, error))
    return NULL;
  g_ptr_array_sort (list, compare_loaded);
  return g_steal_pointer (&list);
}

GPtrArray *
aak_lsm_list (AakLsm *lsm, GError **error)
{
  AakLsmSeen *seen = aak_lsm_seen (lsm);
  /* Before the look: what changes during it makes it another moment. */
  g_autofree char *moment = aak_lsm_moment (lsm);
  if (moment != NULL && g_strcmp0 (moment, seen->moment) == 0)
    return g_ptr_array_ref (seen->list);
  g_clear_pointer (&seen->moment, g_free);
  g_clear_pointer (&seen->list, g_ptr_array_unref);
  g_autoptr (GPtrArray) list = list_all (lsm, error);
  if (list == NULL || moment == NULL)
    return g_steal_pointer (&list);
  seen->moment = g_steal_pointer (&moment);
  seen->list = g_ptr_array_ref (list);
  return g_steal_pointer (&list);
}

static const char *
name_of (gconstpointer loaded)
{
  return ((const AakLoaded *) loaded)->name;
}

const AakLoaded *
aak_lsm_find (GPtrArray *list, const char *name)
{
  guint at = 0;
  return aak_find_sorted (list, name, name_of, &at) ? list->pdata[at] : NULL;
}
