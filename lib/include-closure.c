/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A scan for include and abi statements, deliberately finding too many rather than too few. */
#include "config.h"

#include "lib/include-closure.h"

#include "lib/fs.h"

#include <string.h>

#define MAX_FILES     2000
#define MAX_FILE_SIZE (4 * 1024 * 1024)

typedef struct
{
  const char *base;
  GChecksum *sum;
  GHashTable *seen;   /* paths that were fed */
  GPtrArray *pending; /* paths to feed */
} Closure;

static void
feed (Closure *closure, char kind, const char *name, GBytes *content)
{
  gsize base_len = strlen (closure->base);
  if (g_str_has_prefix (name, closure->base) && name[base_len] == '/')
    name += base_len + 1; /* the same tree elsewhere gives the same digest */
  gsize len = content != NULL ? g_bytes_get_size (content) : 0;
  g_autofree char *head = g_strdup_printf ("%c %s %" G_GSIZE_FORMAT, kind, name, len);
  g_checksum_update (closure->sum, (const guchar *) head, (gssize) strlen (head) + 1);
  if (len > 0)
    g_checksum_update (closure->sum, g_bytes_get_data (content, NULL), (gssize) len);
}

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '/' || c == '.' || c == '-' || c == '{'
         || c == '@';
}

static const char *
skip_blanks (const char *p)
{
  return p + strspn (p, " \t");
}

/* Notes the file that the statement whose keyword ends at @p names. FALSE where it cannot
 * be told. */
static gboolean
note_target (Closure *closure, const char *p)
{
  p = skip_blanks (p);
  if (g_str_has_prefix (p, "if") && (p[2] == ' ' || p[2] == '\t'))
    {
      p = skip_blanks (p + 2);
      if (!g_str_has_prefix (p, "exists"))
        return FALSE;
      p = skip_blanks (p + 6);
    }
  char close = *p == '<' ? '>' : *p == '"' ? '"' : '\0';
  const char *end = close != '\0' ? strchr (p + 1, close) : NULL;
  if (end == NULL || memchr (p, '\n', (gsize) (end - p)) != NULL)
    return FALSE;
  g_autofree char *name = g_strndup (p + 1, (gsize) (end - p - 1));
  /* Quotes or variables inside, and a path below the working directory, are more than is known
   * here. */
  if (strpbrk (name, "\"\\@{}*?[") != NULL || (close == '"' && *name != '/'))
    return FALSE;
  g_ptr_array_add (closure->pending,
                   *name == '/' ? g_strdup (name) : g_build_filename (closure->base, name, NULL));
  return TRUE;
}

/* TRUE where @p is on a line that begins as a comment ("#include", without a blank, is none). */
static gboolean
in_comment (const char *text, const char *p)
{
  const char *line = p;
  while (line > text && line[-1] != '\n')
    line--;
  line = skip_blanks (line);
  return *line == '#' && !g_str_has_prefix (line, "#include");
}

/* Notes the targets of all occurrences of @keyword as a word of its own. */
static gboolean
scan (Closure *closure, const char *text, const char *keyword)
{
  gsize len = strlen (keyword);
  for (const char *p = strstr (text, keyword); p != NULL; p = strstr (p + len, keyword))
    {
      char next = p[len];
      if ((p > text && is_word_byte (p[-1])) || (next != '\0' && is_word_byte (next)))
        continue;
      if (!in_comment (text, p) && !note_target (closure, p + len))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan_text (Closure *closure, GBytes *content)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (content, &len);
  if (len > 0 && memchr (data, '\0', len) != NULL)
    return FALSE;
  g_autofree char *text = g_strndup (len > 0 ? data : "", len);
  return scan (closure, text, "include") && scan (closure, text, "abi");
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* An included directory stands for all of its files. */
static gboolean
note_directory (Closure *closure, const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    return FALSE;
  guint first = closure->pending->len;
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_ptr_array_add (closure->pending, g_build_filename (path, name, NULL));
  gpointer *added = closure->pending->pdata + first;
  if (closure->pending->len > first)
    qsort (added, closure->pending->len - first, sizeof *added, compare_paths);
  feed (closure, 'd', path, NULL);
  return TRUE;
}

static gboolean
visit (Closure *closure, const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return note_directory (closure, path);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      feed (closure, 'm', path, NULL);
      return TRUE;
    }
  g_autoptr (GBytes) content = aak_fs_read (path, MAX_FILE_SIZE, NULL);
  if (content == NULL)
    return FALSE;
  feed (closure, 'f', path, content);
  return scan_text (closure, content);
}

gboolean
aak_include_closure (const char *base, GBytes *text, GChecksum *sum)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) pending = g_ptr_array_new_with_free_func (g_free);
  Closure closure = { .base = base, .sum = sum, .seen = seen, .pending = pending };

  feed (&closure, 't', "", text);
  if (!scan_text (&closure, text))
    return FALSE;
  for (guint i = 0; i < pending->len; i++)
    {
      const char *path = pending->pdata[i];
      if (g_hash_table_contains (seen, path))
        continue;
      g_hash_table_add (seen, g_strdup (path));
      if (i >= MAX_FILES || !visit (&closure, path))
        return FALSE;
    }
  return TRUE;
}
