/* SPDX-License-Identifier: GPL-2.0-or-later
 * Making, reading and comparing seals:
 *
 *   aakit/sealed/2
 *   DIGEST              over what is no file of its own, and the store
 *   COUNT               of profiles
 *   KEY                 of this seal
 *   SUM PATH            a line for each copy of a text, which has this SipHash-2-4 of 128 bits
 *
 * A sum with a key that nobody can read costs an eighth of a digest where the processor has no
 * instructions for these, and digests are what such a run is made of. */
#include "config.h"

#include "register/seal.h"

#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/store.h"
#include "register/plan.h"
#include "register/texts.h"

#include <linux/magic.h>
#include <sodium.h>
#include <string.h>
#include <sys/vfs.h>

#define SEAL_PATH "/run/aakit/sealed"
#define SEAL_MODE 0600
#define SCHEMA    "aakit/sealed/2"
#define MAX_SEAL  ((gsize) 32 << 20)
#define MAX_TEXT  ((gsize) 64 << 20)
#define SUM_BYTES crypto_shorthash_siphashx24_BYTES
#define SUM_HEX   (2 * SUM_BYTES)
#define KEY_BYTES crypto_shorthash_siphashx24_KEYBYTES
#define KEY_HEX   (2 * KEY_BYTES)

enum
{
  LINE_SCHEMA,
  LINE_DIGEST,
  LINE_COUNT,
  LINE_KEY,
  LINE_TEXTS,
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

/* NULL where it cannot be told. */
static char *
make_digest (const AakLsm *lsm, const char *moment, const char *inputs,
             const AakApplyOptions *options)
{
  AakSha256 sum;
  g_autofree char *store = aak_store_digest (aak_lsm_root (lsm));
  if (moment == NULL || inputs == NULL || store == NULL)
    return NULL;
  const char flags[] = {
    options->rules.force ? 'f' : '-',       options->rules.allow_complain ? 'c' : '-',
    options->rules.prune ? 'p' : '-',       options->allow_empty ? 'e' : '-',
    options->rules.allow_older ? 'o' : '-', '\0'
  };
  const char *const texts[] = { PACKAGE_VERSION, moment, inputs, store, flags };
  aak_sha256_begin (&sum);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    aak_sha256_feed_text (&sum, texts[i]);
  for (const char *const *name = options->rules.adopt; name != NULL && *name != NULL; name++)
    aak_sha256_feed_text (&sum, *name);
  return aak_sha256_end (&sum);
}

/* The sum of @text in hex. */
static void
sum_text (const Key *key, GBytes *text, char out_hex[SUM_HEX + 1])
{
  gsize len = 0;
  guint8 sum[SUM_BYTES];
  const guint8 *data = g_bytes_get_data (text, &len);
  crypto_shorthash_siphashx24 (sum, data, len, key->bytes);
  sodium_bin2hex (out_hex, SUM_HEX + 1, sum, sizeof sum);
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
  g_autoptr (GBytes) text = aak_fs_read (path, MAX_TEXT, NULL);
  if (text == NULL)
    return FALSE;
  sum_text (key, text, sum);
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
  if (g_strv_length (lines) < LINE_TEXTS || strcmp (lines[LINE_SCHEMA], SCHEMA) != 0)
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
  Key key;
  if (lines == NULL || !read_key (lines[LINE_KEY], &key)
      || !g_ascii_string_to_unsigned (lines[LINE_COUNT], 10, 0, G_MAXUINT, &count, NULL))
    return FALSE;
  g_autofree char *moment = aak_lsm_moment (lsm);
  g_autofree char *digest = make_digest (lsm, moment, inputs, options);
  if (g_strcmp0 (digest, lines[LINE_DIGEST]) != 0)
    return FALSE;
  for (char **line = lines + LINE_TEXTS; *line != NULL; line++)
    if (!is_as_sealed (root, &key, *line))
      return FALSE;
  *out_profiles = (guint) count;
  return TRUE;
}

/* --- writing --------------------------------------------------------------------------------- */

/* The key, and a line for each text that is kept; FALSE where a step is not done with. */
static gboolean
append_steps (GString *out, GPtrArray *steps)
{
  Key key;
  char hex[MAX (KEY_HEX, SUM_HEX) + 1];
  randombytes_buf (key.bytes, sizeof key.bytes);
  g_string_append_printf (out, "%s\n", sodium_bin2hex (hex, sizeof hex, key.bytes, KEY_BYTES));
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_KEEP)
        return FALSE;
      if (!step->owned || step->policy->text == NULL)
        continue;
      g_autofree char *path = aak_texts_path (NULL, step->policy->text_name);
      sum_text (&key, step->policy->text, hex);
      g_string_append_printf (out, "%s %s\n", hex, path);
    }
  return TRUE;
}

gboolean
aak_seal_write (const AakLsm *lsm, const char *moment, const AakApplyOptions *options,
                GPtrArray *steps, GError **error)
{
  g_autofree char *path = aak_fs_path (aak_lsm_root (lsm), SEAL_PATH);
  g_autofree char *digest = make_digest (lsm, moment, options->inputs, options);
  g_autoptr (GString) text = g_string_new (NULL);
  if (digest == NULL || !is_kept_in_memory (lsm, path))
    return TRUE;
  g_string_append_printf (text, SCHEMA "\n%s\n%u\n", digest, steps->len);
  return !append_steps (text, steps) || aak_fs_write (path, text->str, text->len, SEAL_MODE, error);
}

gboolean
aak_seal_break (const char *root, GError **error)
{
  g_autofree char *path = aak_fs_path (root, SEAL_PATH);
  return aak_fs_remove (path, error);
}
