/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Plays the kernel's bookkeeping of loaded policy on plain files, whole or not at all, for fixtures
 * and demonstrations. */
#include "config.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/lsm-backend.h"
#include "lib/policy/policy.h"
#include "lib/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SMALL 8192

/* A changed copy of the recording's profiles, to be swapped in whole. */
typedef struct
{
  char *tree; /* the copy: POLICY/.profiles.new */
  char *path; /* its place: POLICY/profiles */
  guint64 next_id;
  const char *algorithm; /* of the recorded kernel's hashes */
} Stage;

static void
stage_clear (Stage *stage)
{
  if (stage->tree != NULL)
    aak_tree_remove (stage->tree);
  g_clear_pointer (&stage->tree, g_free);
  g_clear_pointer (&stage->path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stage, stage_clear)

/* --- the tree of profiles -------------------------------------------------------------------- */

/* The entries of the directory @path, none where it is missing. */
static GPtrArray *
list_entries (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  GPtrArray *names = aak_fs_names (path, &local);
  if (names == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return g_ptr_array_new ();
  if (names == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return names;
}

/* The word in the file @file of the directory @entry of @path goes to @out: NULL where there is
 * none, as of a profile that is about to come or has just gone. */
static gboolean
read_word (const char *path, const char *entry, const char *file, char **out, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *name = g_build_filename (path, entry, file, NULL);
  *out = aak_fs_read_text (name, MAX_SMALL, &local);
  if (*out != NULL || g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Learns from what is recorded: the highest "NAME.N", and which hash the kernel keeps. */
static gboolean
survey (Stage *stage, const char *path, GError **error)
{
  g_autoptr (GPtrArray) entries = list_entries (path, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const char *entry = entries->pdata[i];
      const char *dot = strrchr (entry, '.');
      guint64 id = dot != NULL ? g_ascii_strtoull (dot + 1, NULL, 10) : 0;
      stage->next_id = MAX (stage->next_id, id + 1);
      g_autofree char *sha1 = g_build_filename (path, entry, "sha1", NULL);
      if (g_file_test (sha1, G_FILE_TEST_EXISTS))
        stage->algorithm = "sha1";
      g_autofree char *children = g_build_filename (path, entry, "profiles", NULL);
      if (!survey (stage, children, error))
        return FALSE;
    }
  return entries != NULL;
}

static gboolean
stage_open (Stage *stage, const char *dir, GError **error)
{
  g_autofree char *policy = g_build_filename (dir, "policy", NULL);
  stage->path = g_build_filename (policy, "profiles", NULL);
  if (!aak_fs_make_dir (stage->path, error))
    return FALSE;
  g_autofree char *tree = g_build_filename (policy, ".profiles.new", NULL);
  aak_tree_remove (tree);
  if (!aak_tree_clone (stage->path, tree, error))
    return FALSE;
  stage->tree = g_steal_pointer (&tree);
  stage->algorithm = "sha256";
  stage->next_id = 1;
  return survey (stage, stage->tree, error);
}

/* The directory below @path whose file "name" holds @name goes to @out, NULL where there is none.
 */
static gboolean
find_directory (const char *path, const char *name, char **out, GError **error)
{
  g_autoptr (GPtrArray) entries = list_entries (path, error);
  *out = NULL;
  for (guint i = 0; entries != NULL && i < entries->len && *out == NULL; i++)
    {
      g_autofree char *content = NULL;
      if (!read_word (path, entries->pdata[i], "name", &content, error))
        return FALSE;
      if (g_strcmp0 (content, name) == 0)
        *out = g_build_filename (path, entries->pdata[i], NULL);
    }
  return entries != NULL;
}

/* The directory's name as the kernel makes it (security/apparmor/apparmorfs.c, mangle_name()). */
static char *
mangle (const char *name, guint64 id)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (name += strspn (name, "/."); *name != '\0'; name++)
    {
      if (*name == '/')
        g_string_append_c (out, '.');
      else if (g_ascii_isspace (*name))
        g_string_append_c (out, '_');
      else if (g_ascii_isalnum (*name) || strchr ("._-", *name) != NULL)
        g_string_append_c (out, *name);
    }
  return g_strdup_printf ("%s.%" G_GUINT64_FORMAT, out->str, id);
}

/* The staged directory of the profile @full ("a", "a//b"), made where it is missing; its last
 * component in @out_name. */
static char *
stage_directory (Stage *stage, const char *full, char **out_name, GError **error)
{
  g_auto (GStrv) names = g_strsplit (full, "//", -1);
  g_autofree char *path = g_strdup (stage->tree);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *found = NULL;
      if (!find_directory (path, *name, &found, error))
        return NULL;
      if (found == NULL)
        {
          g_autofree char *entry = mangle (*name, stage->next_id++);
          found = g_build_filename (path, entry, NULL);
        }
      g_free (path);
      path = name[1] != NULL ? g_build_filename (found, "profiles", NULL) : g_strdup (found);
      if (!aak_fs_make_dir (path, error))
        return NULL;
      if (name[1] == NULL)
        *out_name = g_strdup (*name);
    }
  return g_steal_pointer (&path);
}

static gboolean
put_line (const char *dir, const char *file, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  return aak_fs_write (path, line, strlen (line), 0444, error);
}

/* Records @part of @policy as loaded. */
static gboolean
stage_part (Stage *stage, const AakPolicy *policy, const AakBlobProfile *part, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *dir = stage_directory (stage, part->name, &name, error);
  if (dir == NULL)
    return FALSE;
  g_autofree char *hash = aak_policy_blob_hash (policy->blob, part, stage->algorithm);
  const char *hex = strchr (hash, ':') + 1;
  g_autofree char *raw = g_build_filename (dir, "raw_data", NULL);
  gsize len = 0;
  const void *blob = g_bytes_get_data (policy->blob, &len);
  return put_line (dir, "name", name, error)
         && put_line (dir, "mode", aak_mode_name (part->mode), error)
         && put_line (dir, stage->algorithm, hex, error)
         && aak_fs_write (raw, blob, len, 0444, error);
}

/* --- the other files ------------------------------------------------------------------------- */

/* Appends @data to the control file @file; it is as before where that fails. */
static gboolean
append_whole (const char *dir, const char *file, GBytes *data, GError **error)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_auto (AakFd) fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  struct stat st;
  if (fd < 0 || fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot open %s", path);
  gsize len = 0;
  const void *bytes = g_bytes_get_data (data, &len);
  if (aak_fs_write_all (fd, bytes, len, error))
    return TRUE;
  int ignored = ftruncate (fd, st.st_size);
  (void) ignored;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
collect_lines (const char *path, const char *parent, GPtrArray *out, GError **error)
{
  g_autoptr (GPtrArray) entries = list_entries (path, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      g_autofree char *name = NULL, *mode = NULL;
      if (!read_word (path, entries->pdata[i], "name", &name, error)
          || !read_word (path, entries->pdata[i], "mode", &mode, error))
        return FALSE;
      if (name == NULL || mode == NULL)
        continue;
      g_autofree char *full = g_strconcat (parent, *parent != '\0' ? "//" : "", name, NULL);
      g_ptr_array_add (out, g_strdup_printf ("%s (%s)\n", full, mode));
      g_autofree char *children = g_build_filename (path, entries->pdata[i], "profiles", NULL);
      if (!collect_lines (children, full, out, error))
        return FALSE;
    }
  return entries != NULL;
}

/* The list of profiles and the revision follow from the tree. */
static gboolean
write_summary (const char *dir, const char *profiles, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  if (!collect_lines (profiles, "", lines, error))
    return FALSE;
  g_ptr_array_sort (lines, compare_lines);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < lines->len; i++)
    g_string_append (text, lines->pdata[i]);
  g_autofree char *list_path = g_build_filename (dir, "profiles", NULL);
  g_autofree char *revision_path = g_build_filename (dir, "revision", NULL);
  g_autofree char *old = aak_fs_read_text (revision_path, MAX_SMALL, NULL);
  guint64 revision = (old != NULL ? g_ascii_strtoull (old, NULL, 10) : 0) + 1;
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, revision);
  return aak_fs_write (list_path, text->str, text->len, 0444, error)
         && put_line (dir, "revision", number, error);
}

/* --- the backend ----------------------------------------------------------------------------- */

static gboolean
stage_commit (Stage *stage, const char *dir, GError **error)
{
  if (!aak_tree_swap (stage->tree, stage->path, error))
    return FALSE;
  return write_summary (dir, stage->path, error);
}

static gboolean
recording_replace (const char *dir, GBytes *blob, GError **error)
{
  g_autoptr (GPtrArray) policies = aak_policy_split ("policy", blob, NULL, error);
  g_auto (Stage) stage = { 0 };
  if (policies == NULL || !stage_open (&stage, dir, error))
    return FALSE;
  for (guint i = 0; i < policies->len; i++)
    {
      const AakPolicy *policy = policies->pdata[i];
      for (guint j = 0; j < policy->parts->len; j++)
        if (!stage_part (&stage, policy, policy->parts->pdata[j], error))
          return FALSE;
    }
  return append_whole (dir, ".replace", blob, error) && stage_commit (&stage, dir, error);
}

/* The staged directory of a loaded profile. */
static char *
find_loaded (const Stage *stage, const char *full, GError **error)
{
  g_auto (GStrv) names = g_strsplit (full, "//", -1);
  g_autofree char *path = g_strdup (stage->tree);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *found = NULL;
      if (!find_directory (path, *name, &found, error))
        return NULL;
      if (found == NULL)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no such profile is loaded");
          return NULL;
        }
      g_free (path);
      path = name[1] != NULL ? g_build_filename (found, "profiles", NULL) : g_strdup (found);
    }
  return g_steal_pointer (&path);
}

static gboolean
recording_remove (const char *dir, const char *name, GError **error)
{
  g_auto (Stage) stage = { 0 };
  if (!stage_open (&stage, dir, error))
    return FALSE;
  g_autofree char *path = find_loaded (&stage, name, error);
  if (path == NULL)
    return FALSE;
  aak_tree_remove (path);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_IO, "cannot remove %s", path);
      return FALSE;
    }
  g_autoptr (GBytes) bytes = g_bytes_new (name, strlen (name) + 1);
  return append_whole (dir, ".remove", bytes, error) && stage_commit (&stage, dir, error);
}

const AakLsmBackend aak_lsm_recording = { recording_replace, recording_remove };
