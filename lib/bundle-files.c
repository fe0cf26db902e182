/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares what is in a bundle's directories with its manifest. */
#include "config.h"

#include "lib/bundle-files.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/seccomp/name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static gboolean
set_extra (const AakBundle *bundle, const char *dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (dir != NULL ? dir : "", name, NULL);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s/%s: is not in the signed manifest",
               aak_bundle_path (bundle), shown);
  return FALSE;
}

/* TRUE where the entry @name of the directory @fd is one of @files and a file, or one of
 * @directories (NULL: there are none) and a directory. */
static gboolean
is_expected (int fd, const char *name, GHashTable *files, GHashTable *directories)
{
  struct stat st;
  if (fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return FALSE;
  return (S_ISREG (st.st_mode) && g_hash_table_contains (files, name))
         || (S_ISDIR (st.st_mode) && directories != NULL
             && g_hash_table_contains (directories, name));
}

/* Looks at every entry of @dir (NULL: of the bundle itself). */
static gboolean
check_directory (const AakBundle *bundle, int top, const char *dir, GHashTable *files,
                 GHashTable *directories, GError **error)
{
  g_auto (AakFd) fd =
      openat (top, dir != NULL ? dir : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr (DIR) entries = aak_fd_entries (&fd);
  if (entries == NULL)
    return aak_error_set_errno (error, errno, "cannot read %s%s%s", aak_bundle_path (bundle),
                                dir != NULL ? "/" : "", dir != NULL ? dir : "");
  for (const struct dirent *entry = readdir (entries); entry != NULL; entry = readdir (entries))
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0
        && !is_expected (dirfd (entries), entry->d_name, files, directories))
      return set_extra (bundle, dir, entry->d_name, error);
  return TRUE;
}

static void
add (GHashTable *names, const char *name)
{
  g_hash_table_add (names, (gpointer) name);
}

/* The files of the feature set @id. */
static GHashTable *
blobs_for (const AakBundle *bundle, const char *id)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  add (names, AAK_BUNDLE_FEATURES);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakBundleProfile *profile = profiles->pdata[i];
      for (guint j = 0; j < profile->blobs->len; j++)
        if (strcmp (((const AakBundleBlob *) profile->blobs->pdata[j])->features, id) == 0)
          add (names, profile->file);
    }
  return names;
}

static GHashTable *
texts (const AakBundle *bundle)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  for (guint i = 0; i < profiles->len; i++)
    add (names, ((const AakBundleProfile *) profiles->pdata[i])->text);
  return names;
}

static GHashTable *
seccomp_files (const AakBundle *bundle)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *entries = aak_bundle_seccomp (bundle);
  for (guint i = 0; i < entries->len; i++)
    add (names, aak_seccomp_name_file (((const AakBundleSeccomp *) entries->pdata[i])->name));
  return names;
}

/* Adds what the files @names of the directory @dir are called in a flat bundle; takes @names. */
static void
add_flat (GHashTable *files, const char *dir, GHashTable *names)
{
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (files, aak_bundle_flat_name (dir, name));
  g_hash_table_unref (names);
}

static gboolean
check_flat (const AakBundle *bundle, int top, GError **error)
{
  GPtrArray *ids = aak_bundle_features (bundle);
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const always[] = { AAK_BUNDLE_MANIFEST, AAK_BUNDLE_SIGNATURE,
                                        AAK_BUNDLE_SEAL };
  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    g_hash_table_add (files, g_strdup (always[i]));
  add_flat (files, AAK_BUNDLE_TEXTS, texts (bundle));
  add_flat (files, AAK_BUNDLE_SECCOMP, seccomp_files (bundle));
  for (guint i = 0; i < ids->len; i++)
    add_flat (files, ids->pdata[i], blobs_for (bundle, ids->pdata[i]));
  return check_directory (bundle, top, NULL, files, NULL, error);
}

gboolean
aak_bundle_files_check (const AakBundle *bundle, int top, GError **error)
{
  if (aak_bundle_is_flat (bundle))
    return check_flat (bundle, top, error);
  GPtrArray *ids = aak_bundle_features (bundle);
  g_autoptr (GHashTable) files = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) directories = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) sources = texts (bundle), seccomp = seccomp_files (bundle);
  gboolean has_seccomp = g_hash_table_size (seccomp) > 0;
  add (files, AAK_BUNDLE_MANIFEST);
  add (files, AAK_BUNDLE_SIGNATURE);
  add (files, AAK_BUNDLE_SEAL);
  add (directories, AAK_BUNDLE_TEXTS);
  if (has_seccomp)
    add (directories, AAK_BUNDLE_SECCOMP);
  for (guint i = 0; i < ids->len; i++)
    add (directories, ids->pdata[i]);
  if (!check_directory (bundle, top, NULL, files, directories, error)
      || !check_directory (bundle, top, AAK_BUNDLE_TEXTS, sources, NULL, error)
      || (has_seccomp && !check_directory (bundle, top, AAK_BUNDLE_SECCOMP, seccomp, NULL, error)))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GHashTable) blobs = blobs_for (bundle, ids->pdata[i]);
      if (!check_directory (bundle, top, ids->pdata[i], blobs, NULL, error))
        return FALSE;
    }
  return TRUE;
}
