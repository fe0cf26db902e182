/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing, reading and checking seals. As text:
 *
 *   aakit/inputs/1
 *   SHA256
 *   PARSER-VERSION PARSER-ID
 *   NUMBER
 *   sha256:SHA256
 *   ...
 *   SIZE PATH
 *   ... */
#include "config.h"

#include "lib/bundle-seal.h"

#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/parallel.h"
#include "lib/sha256.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define SCHEMA   "aakit/inputs/1"
#define MAX_SEAL (16 * 1024 * 1024)
#define MAX_WORD 200
#define MADE     "sha256:"

enum
{
  LINE_SCHEMA,
  LINE_INPUTS,
  LINE_PARSER,
  LINE_COMPILED,
  LINE_MADE,
};

AakBundleSeal *
aak_bundle_seal_new (const char *inputs, const char *parser, const char *parser_id)
{
  AakBundleSeal *seal = g_new0 (AakBundleSeal, 1);
  seal->inputs = g_strdup (inputs);
  seal->parser = g_strdup (parser);
  seal->parser_id = g_strdup (parser_id);
  seal->made = g_ptr_array_new_with_free_func (g_free);
  seal->files = g_ptr_array_new_with_free_func (g_free);
  return seal;
}

void
aak_bundle_seal_free (AakBundleSeal *seal)
{
  g_free (seal->inputs);
  g_free (seal->parser);
  g_free (seal->parser_id);
  g_ptr_array_unref (seal->made);
  g_ptr_array_unref (seal->files);
  g_free (seal);
}

void
aak_bundle_seal_add_file (AakBundleSeal *seal, const char *dir, const char *name, guint64 size)
{
  g_ptr_array_add (seal->files,
                   g_strdup_printf ("%" G_GUINT64_FORMAT " %s%s%s", size, dir != NULL ? dir : "",
                                    dir != NULL ? "/" : "", name));
}

void
aak_bundle_seal_add_compiled (AakBundleSeal *seal, const char *inputs)
{
  seal->compiled++;
  if (*inputs != '\0')
    g_ptr_array_add (seal->made, g_strdup (inputs));
}

void
aak_bundle_seal_clear (AakBundleSeal *seal)
{
  seal->compiled = 0;
  g_ptr_array_set_size (seal->made, 0);
  g_ptr_array_set_size (seal->files, 0);
}

GBytes *
aak_bundle_seal_to_text (const AakBundleSeal *seal)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, SCHEMA "\n%s\n%s %s\n%" G_GUINT64_FORMAT "\n", seal->inputs,
                          seal->parser, seal->parser_id, seal->compiled);
  for (guint i = 0; i < seal->made->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) seal->made->pdata[i]);
  for (guint i = 0; i < seal->files->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) seal->files->pdata[i]);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* --- reading --------------------------------------------------------------------------------- */

/* "A B", both of printable ASCII and short. */
static gboolean
split_words (const char *line, char **out_first, char **out_second)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  if (g_strv_length (words) != 2)
    return FALSE;
  for (int i = 0; i < 2; i++)
    {
      gsize len = strlen (words[i]);
      if (len == 0 || len > MAX_WORD)
        return FALSE;
      for (gsize j = 0; j < len; j++)
        if (!g_ascii_isgraph (words[i][j]))
          return FALSE;
    }
  *out_first = g_strdup (words[0]);
  *out_second = g_strdup (words[1]);
  return TRUE;
}

static gboolean
is_digest (const char *line)
{
  return strlen (line) == AAK_SHA256_HEX_LEN
         && strspn (line, "0123456789abcdef") == AAK_SHA256_HEX_LEN;
}

static gboolean
is_made_line (const char *line)
{
  return g_str_has_prefix (line, MADE) && is_digest (line + strlen (MADE));
}

/* Takes "SIZE PATH" apart; the path is within @line. */
static gboolean
read_file_line (const char *line, guint64 *out_size, const char **out_path)
{
  char *end = NULL;
  guint64 size = g_ascii_strtoull (line, &end, 10);
  if (!g_ascii_isdigit (*line) || *end != ' ' || end[1] == '\0' || end[1] == '/')
    return FALSE;
  *out_size = size;
  *out_path = end + 1;
  return TRUE;
}

AakBundleSeal *
aak_bundle_seal_parse (GBytes *text)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  if (len == 0 || data[len - 1] != '\n' || memchr (data, '\0', len) != NULL)
    return NULL;
  g_autofree char *copy = g_strndup (data, len - 1);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  guint n = g_strv_length (lines);
  g_autoptr (AakBundleSeal) seal = aak_bundle_seal_new (NULL, NULL, NULL);
  if (n < LINE_MADE || strcmp (lines[LINE_SCHEMA], SCHEMA) != 0 || !is_digest (lines[LINE_INPUTS])
      || !split_words (lines[LINE_PARSER], &seal->parser, &seal->parser_id)
      || !g_ascii_string_to_unsigned (lines[LINE_COMPILED], 10, 0, G_MAXUINT32, &seal->compiled,
                                      NULL))
    return NULL;
  seal->inputs = g_strdup (lines[LINE_INPUTS]);
  guint i = LINE_MADE;
  for (; i < n && is_made_line (lines[i]); i++)
    g_ptr_array_add (seal->made, g_strdup (lines[i]));
  for (; i < n; i++)
    {
      guint64 size = 0;
      const char *path = NULL;
      if (!read_file_line (lines[i], &size, &path))
        return NULL;
      g_ptr_array_add (seal->files, g_strdup (lines[i]));
    }
  return g_steal_pointer (&seal);
}

AakBundleSeal *
aak_bundle_seal_read (const char *path)
{
  g_autofree char *file = g_build_filename (path, AAK_BUNDLE_SEAL, NULL);
  g_autoptr (GBytes) text = aak_fs_read (file, MAX_SEAL, NULL);
  return text != NULL ? aak_bundle_seal_parse (text) : NULL;
}

/* What the workers share. */
typedef struct
{
  GPtrArray *files;
  int top;
  gint differs; /* atomic */
} Look;

static void
look_at (guint index, gpointer data)
{
  Look *look = data;
  guint64 size = 0;
  const char *name = NULL;
  struct stat st;
  if (!read_file_line (look->files->pdata[index], &size, &name)
      || fstatat (look->top, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG (st.st_mode)
      || (guint64) st.st_size != size)
    g_atomic_int_set (&look->differs, 1);
}

gboolean
aak_bundle_seal_is_whole (const AakBundleSeal *seal, const char *path)
{
  g_auto (AakFd) top = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Look look = { seal->files, top, top < 0 };
  if (top >= 0)
    aak_parallel (seal->files->len, g_get_num_processors (), look_at, &look);
  return g_atomic_int_get (&look.differs) == 0;
}
