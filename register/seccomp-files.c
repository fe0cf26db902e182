/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looking, planning and writing. */
#include "config.h"

#include "register/seccomp-files.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/path-walk.h"
#include "lib/seccomp/name.h"
#include "lib/seccomp/profile.h"
#include "lib/sha256.h"
#include "lib/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define UNSEEN                                                                         \
  "which containers use a seccomp profile cannot be seen; one that names it goes on, " \
  "and does not start again"

/* The path of @name below @dir; the caller frees it. */
static char *
path_of (const char *root, const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  return aak_fs_path (root, path);
}

char *
aak_seccomp_files_dir (const char *root, const char *dir)
{
  return path_of (root, dir != NULL ? dir : AAK_SECCOMP_DEFAULT_DIR, AAK_SECCOMP_DIR);
}

/* Reads the file at @path, which is no link, into *@out; EMPTY where there is none. DIFFERS without
 * a word on its content. */
static AakPlace
read_place (const char *path, GBytes **out, gboolean *out_closed)
{
  struct stat st;
  g_auto (AakFd) fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    return errno == ENOENT ? AAK_PLACE_EMPTY : AAK_PLACE_ODD;
  *out = fstat (fd, &st) == 0 ? aak_fs_read_open (fd, path, AAK_SECCOMP_MAX_SIZE, NULL) : NULL;
  if (*out == NULL)
    return AAK_PLACE_ODD;
  *out_closed = aak_trust_is_own (&st) && aak_trust_is_closed (&st);
  return AAK_PLACE_DIFFERS;
}

static gboolean
has_digest (GBytes *content, const char *sha256)
{
  g_autofree char *actual = aak_sha256_of (content);
  return strcmp (actual, sha256) == 0;
}

AakPlace
aak_seccomp_files_look (const char *root, const char *dir, const char *name, const char *sha256)
{
  g_autofree char *path = path_of (root, dir, name);
  g_autoptr (GBytes) content = NULL;
  gboolean closed = FALSE;
  AakPlace place = read_place (path, &content, &closed);
  return place == AAK_PLACE_DIFFERS && closed && has_digest (content, sha256) ? AAK_PLACE_SAME
                                                                              : place;
}

/* --- planning -------------------------------------------------------------------------------- */

static AakStep *
step_new (const char *name, const char *dir)
{
  AakStep *step = g_new0 (AakStep, 1);
  step->kind = AAK_KIND_SECCOMP;
  step->name = g_strdup (name);
  step->dir = g_strdup (dir);
  return step;
}

static AakAction
refuse (AakStep *step, const char *reason)
{
  step->reason = g_strdup (reason);
  return AAK_ACTION_REFUSE;
}

static AakAction
decide (const AakSeccompInput *input, AakStep *step, AakPlace place)
{
  gboolean adopted = aak_plan_adopts (&input->rules, step->name);
  step->owned = adopted || place == AAK_PLACE_EMPTY
                || aak_store_find_seccomp (input->store, step->name) != NULL;
  step->was_loaded = place != AAK_PLACE_EMPTY;
  if (place == AAK_PLACE_SAME)
    {
      step->hash = g_strconcat ("sha256:", step->file->sha256, NULL);
      return AAK_ACTION_KEEP;
    }
  if (place == AAK_PLACE_EMPTY)
    return AAK_ACTION_ADD;
  if (place == AAK_PLACE_ODD)
    return refuse (step, "what lies in its place is no file that can be read: remove it");
  if (step->owned)
    return AAK_ACTION_REPLACE;
  g_autofree char *reason = g_strdup_printf (
      "a file of this name is there and not aakit's own: take it over with --adopt %s", step->name);
  return refuse (step, reason);
}

static gboolean
is_desired (const GPtrArray *desired, const char *name)
{
  for (guint i = 0; i < desired->len; i++)
    if (strcmp (((const AakSeccompFile *) desired->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* The step that removes @entry; without @force, @otherwise. */
static AakStep *
going (const AakStoreSeccomp *entry, gboolean force, AakAction otherwise)
{
  AakStep *step = step_new (entry->name, entry->dir);
  step->owned = TRUE;
  step->was_loaded = TRUE;
  step->action = force ? AAK_ACTION_PRUNE : otherwise;
  if (!force)
    step->reason = g_strdup (UNSEEN " (--force removes it)");
  return step;
}

void
aak_seccomp_files_plan (const AakSeccompInput *input, GPtrArray *steps)
{
  GPtrArray *entries = aak_store_seccomp (input->store);
  for (guint i = 0; i < input->desired->len; i++)
    {
      AakSeccompFile *file = input->desired->pdata[i];
      AakStep *step = step_new (file->name, input->dir);
      step->file = aak_seccomp_file_ref (file);
      step->action =
          decide (input, step,
                  aak_seccomp_files_look (input->root, input->dir, file->name, file->sha256));
      g_ptr_array_add (steps, step);
    }
  for (guint i = 0; input->rules.prune && i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      if (!is_desired (input->desired, entry->name))
        g_ptr_array_add (steps, going (entry, input->rules.force, AAK_ACTION_WORN));
    }
}

void
aak_seccomp_files_plan_remove (const AakStore *store, const char *const *names, gboolean force,
                               GPtrArray *steps)
{
  GPtrArray *entries = aak_store_seccomp (store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      if (g_strv_contains (names, entry->name))
        g_ptr_array_add (steps, going (entry, force, AAK_ACTION_REFUSE));
    }
}

/* --- writing --------------------------------------------------------------------------------- */

/* Nobody else may be able to put another file there. */
static gboolean
check_directory (const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_auto (AakFd) fd = aak_path_open (dir, AAK_PATH_OWNERS, error);
  return fd >= 0;
}

static gboolean
place (const char *root, AakStep *step, AakFileChanges *changes, GError **error)
{
  g_autofree char *path = path_of (root, step->dir, step->name);
  g_autoptr (GBytes) old = NULL;
  gboolean closed = FALSE;
  if (read_place (path, &old, &closed) == AAK_PLACE_ODD)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                   "seccomp profile \"%s\": something else has come to its place", step->name);
      return FALSE;
    }
  if (!aak_file_changes_write (changes, path, old, step->file->content, error)
      || !check_directory (path, error))
    {
      g_prefix_error (error, "cannot place seccomp profile \"%s\": ", step->name);
      return FALSE;
    }
  if (aak_seccomp_files_look (root, step->dir, step->name, step->file->sha256) != AAK_PLACE_SAME)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
                   "seccomp profile \"%s\" was written, but is not what is there now", step->name);
      return FALSE;
    }
  g_free (step->hash);
  step->hash = g_strconcat ("sha256:", step->file->sha256, NULL);
  return TRUE;
}

/* Removes the file of @entry, where it is still the one that was placed. */
static gboolean
take_away (const char *root, const AakStoreSeccomp *entry, AakFileChanges *changes, GPtrArray *kept,
           GError **error)
{
  g_autofree char *path = path_of (root, entry->dir, entry->name);
  g_autoptr (GBytes) old = NULL;
  gboolean closed = FALSE;
  AakPlace there = read_place (path, &old, &closed);
  if (there == AAK_PLACE_EMPTY)
    return TRUE;
  if (there == AAK_PLACE_DIFFERS && has_digest (old, entry->sha256))
    return aak_file_changes_remove (changes, path, old, error);
  g_ptr_array_add (kept, g_steal_pointer (&path));
  return TRUE;
}

gboolean
aak_seccomp_files_run (const char *root, GPtrArray *steps, const AakStore *store,
                       AakFileChanges *changes, GPtrArray *kept, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AakStep *step = steps->pdata[i];
      if (step->kind != AAK_KIND_SECCOMP)
        continue;
      if (aak_plan_loads (step) && !place (root, step, changes, error))
        return FALSE;
      /* It may have lain below another directory. */
      const AakStoreSeccomp *entry = aak_store_find_seccomp (store, step->name);
      gboolean moved = step->file != NULL && entry != NULL && strcmp (entry->dir, step->dir) != 0;
      if (entry != NULL && (moved || step->action == AAK_ACTION_PRUNE)
          && !take_away (root, entry, changes, kept, error))
        return FALSE;
    }
  return TRUE;
}

void
aak_seccomp_files_sweep (const char *root, const AakStore *store)
{
  GPtrArray *entries = aak_store_seccomp (store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreSeccomp *entry = entries->pdata[i];
      g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
      g_autofree char *path = path_of (root, entry->dir, entry->name);
      g_autofree char *dir = g_path_get_dirname (path);
      g_hash_table_add (names, (gpointer) aak_seccomp_name_file (entry->name));
      aak_fs_sweep (dir, names);
    }
}
