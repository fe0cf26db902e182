/* SPDX-License-Identifier: GPL-2.0-or-later
 * Making and comparing seals:
 *
 *   aakit/sealed/3
 *   DIGEST              over what is no file below the root: the policy's moment, inputs, options
 *   COUNT               of profiles
 *   STAMP PATH          a line for each file that says what is registered (lib/file-stamp.h): the
 *                       store, and the copies of texts */
#include "config.h"

#include "register/seal.h"

#include "lib/file-stamp.h"
#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/store.h"
#include "register/plan.h"
#include "register/texts.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#define SEAL_PATH "/run/aakit/sealed"
#define SEAL_MODE 0600
#define SCHEMA    "aakit/sealed/3"
#define MAX_SEAL  ((gsize) 32 << 20)
#define MAX_TEXT  ((gsize) 64 << 20)

enum
{
  LINE_SCHEMA,
  LINE_DIGEST,
  LINE_COUNT,
  LINE_FILES,
};

/* A machine that goes back to an earlier memory has the earlier seal too: in memory is where it has
 * to be. A recording has all of its files in one place anyway. */
static gboolean
is_kept_in_memory (const AakLsm *lsm, const char *path)
{
  struct statfs fs;
  g_autofree char *dir = g_path_get_dirname (path);
  return aak_lsm_note (lsm) != NULL || (statfs (dir, &fs) == 0 && fs.f_type == TMPFS_MAGIC);
}

/* NULL where it cannot be told. */
static char *
make_digest (const char *moment, const char *inputs, const AakApplyOptions *options)
{
  AakSha256 sum;
  if (moment == NULL || inputs == NULL)
    return NULL;
  const char flags[] = {
    options->rules.force ? 'f' : '-',       options->rules.allow_complain ? 'c' : '-',
    options->rules.prune ? 'p' : '-',       options->allow_empty ? 'e' : '-',
    options->rules.allow_older ? 'o' : '-', '\0'
  };
  const char *const texts[] = { PACKAGE_VERSION, moment, inputs, flags };
  aak_sha256_begin (&sum);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    aak_sha256_feed_text (&sum, texts[i]);
  for (const char *const *name = options->rules.adopt; name != NULL && *name != NULL; name++)
    aak_sha256_feed_text (&sum, *name);
  return aak_sha256_end (&sum);
}

/* --- comparing ------------------------------------------------------------------------------- */

/* TRUE where the file that @line names has the stamp that it says. */
static gboolean
is_as_sealed (const char *root, const char *line)
{
  AakFileStamp stamp;
  const char *blank = strchr (line, ' ');
  if (blank == NULL || blank[1] != '/')
    return FALSE;
  g_autofree char *path = aak_fs_path (root, blank + 1);
  gsize len = (gsize) (blank - line);
  return aak_file_stamp_now (path, &stamp) && strlen (stamp.text) == len
         && memcmp (stamp.text, line, len) == 0;
}

/* The lines of the seal, which only its writer can have changed; NULL where there is none. */
static char **
read_lines (const AakLsm *lsm, const char *path)
{
  g_autoptr (GBytes) bytes =
      is_kept_in_memory (lsm, path) ? aak_fs_read_trusted (path, MAX_SEAL, NULL) : NULL;
  if (bytes == NULL)
    return NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  g_autofree char *text = g_strndup (len > 0 ? data : "", len);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  if (g_strv_length (lines) <= LINE_FILES || strcmp (lines[LINE_SCHEMA], SCHEMA) != 0)
    return NULL;
  return g_steal_pointer (&lines);
}

gboolean
aak_seal_holds (const AakLsm *lsm, const char *inputs, const AakApplyOptions *options,
                guint *out_profiles)
{
  const char *root = aak_lsm_root (lsm);
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  g_auto (GStrv) lines = read_lines (lsm, path);
  guint64 count = 0;
  if (lines == NULL
      || !g_ascii_string_to_unsigned (lines[LINE_COUNT], 10, 0, G_MAXUINT, &count, NULL))
    return FALSE;
  g_autofree char *moment = aak_lsm_moment (lsm);
  g_autofree char *digest = make_digest (moment, inputs, options);
  if (g_strcmp0 (digest, lines[LINE_DIGEST]) != 0)
    return FALSE;
  for (char **line = lines + LINE_FILES; *line != NULL; line++)
    if (!is_as_sealed (root, *line))
      return FALSE;
  *out_profiles = (guint) count;
  return TRUE;
}

/* --- writing --------------------------------------------------------------------------------- */

/* Appends the line of the file @path, which has to hold @text (NULL: whatever it holds). FALSE
 * where it does not, or changed this very moment. */
static gboolean
append_file (GString *out, const char *root, const char *path, GBytes *text)
{
  AakFileStamp stamp;
  g_autofree char *there = aak_fs_path (root, path);
  if (!aak_file_stamp_begin (there, &stamp))
    return FALSE;
  g_autoptr (GBytes) content = text != NULL ? aak_fs_read (there, MAX_TEXT, NULL) : NULL;
  if (text != NULL && (content == NULL || !g_bytes_equal (content, text)))
    return FALSE;
  g_string_append_printf (out, "%s %s\n", stamp.text, path);
  return TRUE;
}

/* FALSE where a step is not done with, or a text is not what it was. */
static gboolean
append_steps (GString *out, const char *root, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_KEEP)
        return FALSE;
      if (!step->owned || step->policy->text == NULL)
        continue;
      g_autofree char *path = aak_texts_path (NULL, step->policy->text_name);
      if (!append_file (out, root, path, step->policy->text))
        return FALSE;
    }
  return TRUE;
}

gboolean
aak_seal_write (const AakLsm *lsm, const char *moment, const AakApplyOptions *options,
                GPtrArray *steps, GError **error)
{
  const char *root = aak_lsm_root (lsm);
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  g_autofree char *digest = make_digest (moment, options->inputs, options);
  g_autoptr (GString) text = g_string_new (NULL);
  if (digest == NULL || !is_kept_in_memory (lsm, path))
    return TRUE;
  g_string_append_printf (text, SCHEMA "\n%s\n%u\n", digest, steps->len);
  return !append_file (text, root, AAK_STORE_PATH, NULL) || !append_steps (text, root, steps)
         || aak_fs_write (path, text->str, text->len, SEAL_MODE, error);
}

gboolean
aak_seal_break (const char *root, GError **error)
{
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  return aak_fs_remove (path, error);
}
