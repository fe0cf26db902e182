/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Takes compiled policy apart by top profile, and finds profile texts. */
#include "config.h"

#include "lib/policy/policy.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/seccomp/name.h"
#include "lib/sort.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_TEXT      (4 * 1024 * 1024)
#define MAX_FILE_NAME 200
#define MAX_TEXTS     100000

AakPolicy *
aak_policy_ref (AakPolicy *policy)
{
  return g_rc_box_acquire (policy);
}

static void
policy_clear (AakPolicy *policy)
{
  g_free (policy->name);
  g_free (policy->text_name);
  g_clear_pointer (&policy->blob, g_bytes_unref);
  g_clear_pointer (&policy->text, g_bytes_unref);
  g_clear_pointer (&policy->parts, g_ptr_array_unref);
  g_free (policy->sha256);
  g_free (policy->source);
}

void
aak_policy_unref (AakPolicy *policy)
{
  g_rc_box_release_full (policy, (GDestroyNotify) policy_clear);
}

/* --- names ----------------------------------------------------------------------------------- */

gboolean
aak_policy_skip_file (const char *name)
{
  /* libraries/libapparmor/src/private.c, _aa_is_blacklisted(), and what stands beside learned
   * profiles */
  static const char *const suffixes[] = { "~",
                                          ".orig",
                                          ".rej",
                                          ".rpmnew",
                                          ".rpmsave",
                                          ".pacnew",
                                          ".pacsave",
                                          ".dpkg-new",
                                          ".dpkg-old",
                                          ".dpkg-dist",
                                          ".dpkg-bak",
                                          ".dpkg-remove",
                                          AAK_POLICY_STATE_SUFFIX,
                                          AAK_POLICY_PATCH_SUFFIX,
                                          AAK_POLICY_PATCH_SUFFIX ".new",
                                          AAK_SECCOMP_SUFFIX ".new",
                                          NULL };
  if (*name == '\0' || *name == '.' || strcmp (name, "README") == 0)
    return TRUE;
  for (int i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (name, suffixes[i]))
      return TRUE;
  return FALSE;
}

char *
aak_policy_file_name (const char *name, GError **error)
{
  g_autofree char *file = g_strdelimit (g_strdup (*name == '/' ? name + 1 : name), "/", '.');
  const char *why = NULL;
  if (strlen (file) > MAX_FILE_NAME)
    why = "is too long for a file name";
  else if (aak_policy_skip_file (file))
    why = "gives a file name that AppArmor's tools skip";
  for (const char *p = file; *p != '\0' && why == NULL; p++)
    if (!g_ascii_isgraph (*p) || strchr ("\\\"'`$;|&<>!", *p) != NULL)
      why = "holds a character that no file can be named with here";
  if (why == NULL)
    return g_steal_pointer (&file);
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "the profile name \"%s\" %s", shown, why);
  return NULL;
}

/* --- splitting ------------------------------------------------------------------------------- */

/* A copy of @part that lies at @start. */
static AakBlobProfile *
move_part (const AakBlobProfile *part, gsize start)
{
  AakBlobProfile *moved = g_new0 (AakBlobProfile, 1);
  *moved = *part;
  moved->name = g_strdup (part->name);
  moved->hashes = g_new0 (char *, AAK_BLOB_N_HASHES);
  moved->start = start;
  moved->body = start + (part->body - part->start);
  moved->end = start + (part->end - part->start);
  return moved;
}

static void
append_part (AakPolicy *policy, GByteArray *bytes, GBytes *blob, const AakBlobProfile *part)
{
  const guint8 *data = g_bytes_get_data (blob, NULL);
  g_ptr_array_add (policy->parts, move_part (part, bytes->len));
  g_byte_array_append (bytes, data + part->start, (guint) (part->end - part->start));
}

/* Copies the top profile @top, and of @parts all that is called "TOP//...". */
static void
gather (AakPolicy *policy, GBytes *blob, GPtrArray *parts, const AakBlobProfile *top)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  append_part (policy, bytes, blob, top);
  g_autofree char *prefix = g_strconcat (top->name, "//", NULL);
  for (guint i = 0; i < parts->len; i++)
    {
      const AakBlobProfile *part = parts->pdata[i];
      if (g_str_has_prefix (part->name, prefix))
        append_part (policy, bytes, blob, part);
    }
  policy->blob = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* TRUE where @top comes first, and all others are its children. */
static gboolean
is_all_of (GPtrArray *parts, const AakBlobProfile *top)
{
  g_autofree char *prefix = g_strconcat (top->name, "//", NULL);
  for (guint i = 1; i < parts->len; i++)
    if (!g_str_has_prefix (((const AakBlobProfile *) parts->pdata[i])->name, prefix))
      return FALSE;
  return parts->pdata[0] == top;
}

/* The policy of the top profile @top of @parts, which lie in @blob: the blob itself where that
 * holds nothing else. */
static AakPolicy *
policy_new (GBytes *blob, GPtrArray *parts, const AakBlobProfile *top)
{
  AakPolicy *policy = g_rc_box_new0 (AakPolicy);
  policy->name = g_strdup (top->name);
  policy->mode = top->mode;
  policy->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_blob_profile_free);
  if (!is_all_of (parts, top))
    {
      gather (policy, blob, parts, top);
      return policy;
    }
  policy->blob = g_bytes_ref (blob);
  for (guint i = 0; i < parts->len; i++)
    {
      const AakBlobProfile *part = parts->pdata[i];
      g_ptr_array_add (policy->parts, move_part (part, part->start));
    }
  return policy;
}

/* Where the "//" before the last part of a profile's name is, or NULL where it is no child's. Found
 * from the left, as the kernel does: the last part may be a path ("web///bin/sh"). */
static char *
find_last_part (char *name)
{
  char *split = NULL;
  for (char *next = strstr (name, "//"); next != NULL; next = strstr (split + 2, "//"))
    split = next;
  return split;
}

/* Each name once, and each child behind its parent: the kernel gives a child that comes first no
 * parent. */
static gboolean
check_parts (const char *what, GPtrArray *parts, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < parts->len; i++)
    {
      const AakBlobProfile *part = parts->pdata[i];
      g_autofree char *parent = g_strdup (part->name);
      char *split = find_last_part (parent);
      const char *why = NULL;
      if (!g_hash_table_add (seen, part->name))
        why = "is in it twice";
      else if (split != NULL && (*split = '\0', !g_hash_table_contains (seen, parent)))
        why = "is in it without its parent";
      if (why == NULL)
        continue;
      g_autofree char *shown = aak_escape (part->name, strlen (part->name));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" %s", what, shown, why);
      return FALSE;
    }
  return TRUE;
}

GPtrArray *
aak_policy_split (const char *what, GBytes *blob, GBytes *text, GError **error)
{
  g_autofree char *shown = aak_escape (what, strlen (what));
  g_autoptr (GPtrArray) parts = aak_policy_blob_parse (what, blob, error);
  if (parts == NULL || !check_parts (shown, parts, error))
    return NULL;
  g_autofree char *text_name = NULL; /* one text, one file: named after its first profile */
  g_autoptr (GPtrArray) policies =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_unref);
  for (guint i = 0; i < parts->len; i++)
    {
      const AakBlobProfile *part = parts->pdata[i];
      if (strstr (part->name, "//") != NULL)
        continue;
      g_autofree char *file = aak_policy_file_name (part->name, error);
      if (file == NULL)
        {
          g_prefix_error (error, "%s: ", shown);
          return NULL;
        }
      if (text_name == NULL)
        text_name = g_strdup (file);
      AakPolicy *policy = policy_new (blob, parts, part);
      policy->text_name = g_strdup (text_name);
      policy->text = text != NULL ? g_bytes_ref (text) : NULL;
      g_ptr_array_add (policies, policy);
    }
  return g_steal_pointer (&policies);
}

/* --- texts ----------------------------------------------------------------------------------- */

/* FALSE with an error where the link @child leads out of @dir: a directory of profiles may come
 * from anybody. Links within it are how volumes of ConfigMaps are made. */
static gboolean
check_link (const char *dir, const char *child, GError **error)
{
  char *real_dir = realpath (dir, NULL), *real = realpath (child, NULL);
  gsize len = real_dir != NULL ? strlen (real_dir) : 0;
  gboolean inside =
      len > 0 && real != NULL && strncmp (real, real_dir, len) == 0 && real[len] == '/';
  gboolean broken = real == NULL;
  free (real_dir);
  free (real);
  if (inside)
    return TRUE;
  g_autofree char *shown = aak_escape (child, strlen (child));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: a link that leads %s", shown,
               broken ? "nowhere" : "out of its directory");
  return FALSE;
}

/* TRUE where the state @child is to be compiled: no text of its name is beside it. */
static gboolean
is_lone_state (const char *child)
{
  if (!g_str_has_suffix (child, AAK_POLICY_STATE_SUFFIX))
    return FALSE;
  g_autofree char *text = g_strndup (child, strlen (child) - strlen (AAK_POLICY_STATE_SUFFIX));
  return !g_file_test (text, G_FILE_TEST_EXISTS);
}

/* TRUE where the entry @name of a directory, the path @child and of @type (readdir(3)), is to be
 * compiled; sets *@out_link. */
static gboolean
is_wanted (const char *name, unsigned char type, const char *child, AakPolicyWanted wanted,
           gboolean *out_link)
{
  gboolean state = (wanted & AAK_POLICY_STATES) != 0 && *name != '.' && is_lone_state (child);
  if ((aak_policy_skip_file (name) && !state)
      || (aak_seccomp_is_path (name) && (wanted & AAK_POLICY_SECCOMP) == 0))
    return FALSE;
  if (type == DT_REG)
    return TRUE;
  struct stat st;
  gboolean there = lstat (child, &st) == 0;
  *out_link = there && S_ISLNK (st.st_mode);
  return !(there && S_ISDIR (st.st_mode))
         && !(*out_link && g_file_test (child, G_FILE_TEST_IS_DIR));
}

static gboolean
collect_directory (const char *path, AakPolicyWanted wanted, GPtrArray *out, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_auto (AakFd) fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_autoptr (DIR) dir = aak_fd_entries (&fd);
  if (dir == NULL)
    return aak_error_set_errno (error, errno, "cannot read %s", shown);
  guint before = out->len;
  for (struct dirent *entry = readdir (dir); entry != NULL; entry = readdir (dir))
    {
      g_autofree char *child = g_build_filename (path, entry->d_name, NULL);
      gboolean link = FALSE;
      if (!is_wanted (entry->d_name, entry->d_type, child, wanted, &link))
        continue;
      if (link && !check_link (path, child, error))
        return FALSE;
      g_ptr_array_add (out, g_steal_pointer (&child));
      if (out->len > MAX_TEXTS)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: more than %d profiles", shown,
                       MAX_TEXTS);
          return FALSE;
        }
    }
  if (out->len > before)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "%s: no profile in this directory", shown);
  return FALSE;
}

GPtrArray *
aak_policy_collect (const char *const *paths, AakPolicyWanted wanted, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  for (; *paths != NULL; paths++)
    {
      g_autofree char *shown = aak_escape (*paths, strlen (*paths));
      if (g_file_test (*paths, G_FILE_TEST_IS_DIR))
        {
          if (!collect_directory (*paths, wanted, files, error))
            return NULL;
        }
      else if (g_file_test (*paths, G_FILE_TEST_EXISTS))
        g_ptr_array_add (files, g_strdup (*paths));
      else
        {
          aak_error_set_errno (error, ENOENT, "cannot open %s", shown);
          return NULL;
        }
    }
  g_ptr_array_sort (files, aak_compare_texts);
  return g_steal_pointer (&files);
}

GBytes *
aak_policy_read_text (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = aak_fs_read (path, MAX_TEXT, error);
  if (bytes == NULL)
    return NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  if (len > 0 && memchr (data, '\0', len) != NULL)
    {
      g_autofree char *shown = aak_escape (path, strlen (path));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: holds a NUL byte: not a profile text",
                   shown);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}
