/* SPDX-License-Identifier: GPL-2.0-or-later
 * Making, reading and comparing seals:
 *
 *   aakit/sealed/3
 *   KEY                 of this seal
 *   SUM                 over what is no file below the root: the policy's moment, the inputs,
 * options COUNT               of profiles SUM PATH            a line for each file that says what
 * is registered: the store, and the copies of texts
 *
 * Sums are SipHash-2-4 of 128 bits, with a key that nobody can read: an eighth of the cost of a
 * digest where the processor has no instructions for these, and sums are what such a run is made
 * of. */
#include "config.h"

#include "register/seal.h"

#include "lib/fs.h"
#include "lib/store.h"
#include "register/inputs.h"
#include "register/plan.h"
#include "register/texts.h"

#include <linux/magic.h>
#include <sodium.h>
#include <string.h>
#include <sys/vfs.h>

#define SEAL_PATH "/run/aakit/sealed"
#define SEAL_MODE 0600
#define SCHEMA    "aakit/sealed/3"
#define MAX_SEAL  ((gsize) 32 << 20)
#define MAX_FILE  ((gsize) 64 << 20)
#define SUM_BYTES crypto_shorthash_siphashx24_BYTES
#define SUM_HEX   (2 * SUM_BYTES)
#define KEY_BYTES crypto_shorthash_siphashx24_KEYBYTES
#define KEY_HEX   (2 * KEY_BYTES)

enum
{
  LINE_SCHEMA,
  LINE_KEY,
  LINE_SUM,
  LINE_COUNT,
  LINE_FILES,
};

typedef struct
{
  guint8 bytes[KEY_BYTES];
} Key;

/* A machine that goes back to an earlier memory has the earlier seal too: in memory is where it has
 * to be. A recording has all of its files in one place anyway. */
static gboolean
is_kept_in_memory (const AakLsm *lsm, const char *path)
{
  struct statfs fs;
  g_autofree char *dir = g_path_get_dirname (path);
  return aak_lsm_note (lsm) != NULL || (statfs (dir, &fs) == 0 && fs.f_type == TMPFS_MAGIC);
}

static void
make_sum (const Key *key, gconstpointer data, gsize len, char out_hex[SUM_HEX + 1])
{
  guint8 sum[SUM_BYTES];
  crypto_shorthash_siphashx24 (sum, data, len, key->bytes);
  sodium_bin2hex (out_hex, SUM_HEX + 1, sum, sizeof sum);
}

static void
sum_bytes (const Key *key, GBytes *bytes, char out_hex[SUM_HEX + 1])
{
  gsize len = 0;
  gconstpointer data = g_bytes_get_data (bytes, &len);
  make_sum (key, data, len, out_hex);
}

/* The sum over all that is no file below the root; each part ends with a NUL. */
static void
sum_rest (const Key *key, const char *moment, const GPtrArray *inputs,
          const AakApplyOptions *options, char out_hex[SUM_HEX + 1])
{
  const AakPlanRules *rules = &options->rules;
  g_autoptr (GString) all = g_string_new (PACKAGE_VERSION);
  g_string_append_printf (all, "%c%s%c%c%c%c%c%c%c", '\0', moment, '\0', rules->force ? 'f' : '-',
                          rules->allow_complain ? 'c' : '-', rules->prune ? 'p' : '-',
                          options->allow_empty ? 'e' : '-', rules->allow_older ? 'o' : '-', '\0');
  for (const char *const *name = rules->adopt; name != NULL && *name != NULL; name++)
    g_string_append_len (all, *name, (gssize) strlen (*name) + 1);
  for (guint i = 0; i < inputs->len; i++)
    {
      const AakInput *input = inputs->pdata[i];
      sum_bytes (key, input->manifest, out_hex);
      g_string_append_printf (all, "%c%s%c%s%c", '\0', out_hex, '\0', input->path, '\0');
    }
  make_sum (key, all->str, all->len, out_hex);
}

/* --- comparing ------------------------------------------------------------------------------- */

/* TRUE where the file that @line names has the sum that it says. */
static gboolean
is_as_sealed (const char *root, const Key *key, const char *line)
{
  char sum[SUM_HEX + 1];
  if (strcspn (line, " ") != SUM_HEX || !g_str_has_prefix (line + SUM_HEX, " /"))
    return FALSE;
  g_autofree char *path = aak_fs_path (root, line + SUM_HEX + 1);
  g_autoptr (GBytes) bytes = aak_fs_read (path, MAX_FILE, NULL);
  if (bytes == NULL)
    return FALSE;
  sum_bytes (key, bytes, sum);
  return memcmp (sum, line, SUM_HEX) == 0;
}

static gboolean
read_key (const char *line, Key *out_key)
{
  gsize len = 0;
  return strlen (line) == KEY_HEX
         && sodium_hex2bin (out_key->bytes, KEY_BYTES, line, KEY_HEX, NULL, &len, NULL) == 0
         && len == KEY_BYTES;
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
  if (g_strv_length (lines) < LINE_FILES || strcmp (lines[LINE_SCHEMA], SCHEMA) != 0)
    return NULL;
  return g_steal_pointer (&lines);
}

gboolean
aak_seal_holds (const AakLsm *lsm, const GPtrArray *inputs, const AakApplyOptions *options,
                guint *out_profiles)
{
  const char *root = aak_lsm_root (lsm);
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  g_auto (GStrv) lines = read_lines (lsm, path);
  g_autofree char *moment = lines != NULL ? aak_lsm_moment (lsm) : NULL;
  guint64 count = 0;
  Key key;
  char sum[SUM_HEX + 1];
  if (moment == NULL || !read_key (lines[LINE_KEY], &key)
      || !g_ascii_string_to_unsigned (lines[LINE_COUNT], 10, 0, G_MAXUINT, &count, NULL))
    return FALSE;
  sum_rest (&key, moment, inputs, options, sum);
  if (strcmp (sum, lines[LINE_SUM]) != 0)
    return FALSE;
  for (char **line = lines + LINE_FILES; *line != NULL; line++)
    if (!is_as_sealed (root, &key, *line))
      return FALSE;
  *out_profiles = (guint) count;
  return TRUE;
}

/* --- writing --------------------------------------------------------------------------------- */

static void
append_file (GString *out, const Key *key, const char *path, GBytes *bytes)
{
  char sum[SUM_HEX + 1];
  sum_bytes (key, bytes, sum);
  g_string_append_printf (out, "%s %s\n", sum, path);
}

/* A line for each text that is kept; FALSE where a step is not done with. */
static gboolean
append_steps (GString *out, const Key *key, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_KEEP)
        return FALSE;
      if (!step->owned || step->policy->text == NULL)
        continue;
      g_autofree char *path = aak_texts_path (NULL, step->policy->text_name);
      append_file (out, key, path, step->policy->text);
    }
  return TRUE;
}

gboolean
aak_seal_write (const AakLsm *lsm, const char *moment, const AakApplyOptions *options,
                GPtrArray *steps, GError **error)
{
  const char *root = aak_lsm_root (lsm);
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  g_autofree char *store_path = aak_fs_path (root, AAK_STORE_PATH);
  g_autoptr (GBytes) store = aak_fs_read (store_path, MAX_FILE, NULL);
  if (moment == NULL || store == NULL || !is_kept_in_memory (lsm, path))
    return TRUE;
  Key key;
  char key_hex[KEY_HEX + 1];
  char sum[SUM_HEX + 1];
  g_autoptr (GString) text = g_string_new (NULL);
  randombytes_buf (key.bytes, sizeof key.bytes);
  sum_rest (&key, moment, options->inputs, options, sum);
  sodium_bin2hex (key_hex, sizeof key_hex, key.bytes, sizeof key.bytes);
  g_string_append_printf (text, SCHEMA "\n%s\n%s\n%u\n", key_hex, sum, steps->len);
  append_file (text, &key, AAK_STORE_PATH, store);
  return !append_steps (text, &key, steps)
         || aak_fs_write (path, text->str, text->len, SEAL_MODE, error);
}

gboolean
aak_seal_break (const char *root, GError **error)
{
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  return aak_fs_remove (path, error);
}
