/* SPDX-License-Identifier: GPL-2.0-or-later
 * The files that people read, before and after a plan. */
#include "config.h"

#include "register/plan-texts.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "register/seccomp-files.h"
#include "register/texts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MAX_TEXT (64 * 1024 * 1024)

struct AakPlanTexts
{
  GHashTable *old; /* AakStep -> GBytes */
};

static gboolean
is_told (const AakStep *step)
{
  return step->action != AAK_ACTION_KEEP || step->text != AAK_ACTION_KEEP;
}

/* Where the file of @step is, or would be; NULL: it has none. */
static char *
path_of (const char *root, const AakStep *step, const AakStore *store)
{
  if (step->kind == AAK_KIND_SECCOMP)
    {
      g_autofree char *dir = aak_seccomp_files_dir (root, step->dir);
      return g_build_filename (dir, step->name, NULL);
    }
  if (step->policy != NULL)
    return aak_texts_path (root, step->policy->text_name);
  const AakStoreEntry *entry = aak_store_find (store, step->name);
  if (entry == NULL || entry->text_name[0] == '\0')
    return NULL;
  return aak_texts_path (root, entry->text_name);
}

/* What lies behind a link is not the file that the plan is about, and may be secret. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
  if (fd >= 0)
    return aak_fs_read_open (fd, path, MAX_TEXT, error);
  g_autofree char *shown = aak_escape (path, strlen (path));
  aak_error_set_errno (error, errno, "cannot open %s", shown);
  return NULL;
}

static gboolean
read_old (AakPlanTexts *texts, const AakStep *step, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  GBytes *old = read_file (path, &local);
  if (old != NULL)
    g_hash_table_insert (texts->old, (gpointer) step, old);
  else if (!g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

AakPlanTexts *
aak_plan_texts_read (const char *root, GPtrArray *steps, const AakStore *store, GError **error)
{
  g_autoptr (AakPlanTexts) texts = g_new0 (AakPlanTexts, 1);
  texts->old = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      g_autofree char *path = is_told (step) ? path_of (root, step, store) : NULL;
      if (path != NULL && !read_old (texts, step, path, error))
        return NULL;
    }
  return g_steal_pointer (&texts);
}

void
aak_plan_texts_free (AakPlanTexts *texts)
{
  g_hash_table_unref (texts->old);
  g_free (texts);
}

/* A newline at the end of the file ends its last line, and begins no other. */
static void
add_lines (AakJson *json, const char *name, GBytes *bytes)
{
  gsize left;
  const char *at = g_bytes_get_data (bytes, &left);
  aak_json_set_member_name (json, name);
  aak_json_begin_array (json);
  while (left > 0)
    {
      const char *end = memchr (at, '\n', left);
      gsize length = end != NULL ? (gsize) (end - at) : left;
      g_autofree char *line = aak_escape (at, length);
      aak_json_add_string_value (json, line);
      gsize taken = end != NULL ? length + 1 : length;
      at += taken;
      left -= taken;
    }
  aak_json_end_array (json);
}

void
aak_plan_texts_add (const AakPlanTexts *texts, const AakStep *step, AakJson *json)
{
  if (!is_told (step))
    return;
  GBytes *old = g_hash_table_lookup (texts->old, step), *wanted = NULL;
  if (step->policy != NULL)
    wanted = step->policy->text;
  else if (step->file != NULL)
    wanted = step->file->content;
  if (old != NULL)
    add_lines (json, "old-text", old);
  if (wanted != NULL)
    add_lines (json, "new-text", wanted);
}
