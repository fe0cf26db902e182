/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A scan for include and abi statements, deliberately finding too many rather than too few. */
#include "config.h"

#include "lib/include-closure.h"

#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/sort.h"

#include <string.h>

#define MAX_FILES     2000
#define MAX_FILE_SIZE (4 * 1024 * 1024)

/* What is known of an included path: read once for all texts. */
typedef struct
{
  char kind;          /* 'f'ile, 'd'irectory, 'm'issing; 0: it cannot be told what it draws in */
  char *digest;       /* of a file's content */
  GPtrArray *targets; /* paths that it draws in, in order */
} Included;

struct AakIncludes
{
  char *base;
  GMutex lock;         /* of the tables */
  GHashTable *known;   /* path -> Included */
  GHashTable *digests; /* what a text names, a line each -> the digest of all that this draws in */
};

static void
included_free (Included *included)
{
  g_free (included->digest);
  g_ptr_array_unref (included->targets);
  g_free (included);
}

AakIncludes *
aak_includes_new (const char *base)
{
  AakIncludes *includes = g_new0 (AakIncludes, 1);
  includes->base = g_strdup (base);
  g_mutex_init (&includes->lock);
  includes->known =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) included_free);
  includes->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return includes;
}

void
aak_includes_free (AakIncludes *includes)
{
  g_free (includes->base);
  g_mutex_clear (&includes->lock);
  g_hash_table_unref (includes->known);
  g_hash_table_unref (includes->digests);
  g_free (includes);
}

/* --- the scan -------------------------------------------------------------------------------- */

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
note_target (const char *base, const char *p, GPtrArray *targets)
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
  g_ptr_array_add (targets, *name == '/' ? g_strdup (name) : g_build_filename (base, name, NULL));
  return TRUE;
}

/* TRUE where @line begins as a comment ("#include", without a blank, is none). */
static gboolean
is_comment (const char *line)
{
  line = skip_blanks (line);
  return *line == '#' && !g_str_has_prefix (line, "#include");
}

/* A word to look for, by the letter of it that is the rarest one in paths: many times as fast as
 * strstr(). */
typedef struct
{
  const char *word;
  gsize rare;
} Keyword;

static const Keyword keywords[] = { { "include", 4 }, { "abi", 1 } };

/* The next @keyword in the text from @p to @end, a NUL; or NULL. */
static const char *
next_keyword (const char *p, const char *end, const Keyword *keyword)
{
  gsize rare = keyword->rare, len = strlen (keyword->word);
  const char *at = (gsize) (end - p) > rare ? p + rare : end;
  for (; (at = memchr (at, keyword->word[rare], (gsize) (end - at))) != NULL; at++)
    if (strncmp (at - rare, keyword->word, len) == 0)
      return at - rare;
  return NULL;
}

/* Notes the targets of all occurrences of @keyword as a word of its own. */
static gboolean
scan (const char *base, const char *text, const char *end, const Keyword *keyword,
      GPtrArray *targets)
{
  gsize len = strlen (keyword->word);
  const char *line = text, *seen = text; /* where the line begins, as far as it is read */
  for (const char *p = next_keyword (text, end, keyword); p != NULL;
       p = next_keyword (p + len, end, keyword))
    {
      const char *newline = memrchr (seen, '\n', (gsize) (p - seen));
      line = newline != NULL ? newline + 1 : line;
      seen = p;
      if ((p > text && is_word_byte (p[-1])) || (p[len] != '\0' && is_word_byte (p[len])))
        continue;
      if (!is_comment (line) && !note_target (base, p + len, targets))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan_text (const char *base, GBytes *content, GPtrArray *targets)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (content, &len);
  if (len > 0 && memchr (data, '\0', len) != NULL)
    return FALSE;
  g_autofree char *text = g_strndup (len > 0 ? data : "", len);
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (!scan (base, text, text + len, &keywords[i], targets))
      return FALSE;
  return TRUE;
}

/* --- files ----------------------------------------------------------------------------------- */

/* An included directory stands for all of its files. */
static gboolean
list_directory (const char *path, GPtrArray *targets)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    return FALSE;
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_ptr_array_add (targets, g_build_filename (path, name, NULL));
  g_ptr_array_sort (targets, aak_compare_texts);
  return TRUE;
}

static Included *
look_at (const char *base, const char *path)
{
  Included *included = g_new0 (Included, 1);
  included->targets = g_ptr_array_new_with_free_func (g_free);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      included->kind = list_directory (path, included->targets) ? 'd' : 0;
      return included;
    }
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      included->kind = 'm';
      return included;
    }
  g_autoptr (GBytes) content = aak_fs_read (path, MAX_FILE_SIZE, NULL);
  if (content == NULL || !scan_text (base, content, included->targets))
    return included;
  included->kind = 'f';
  included->digest = aak_sha256_of (content);
  return included;
}

static const Included *
find (AakIncludes *includes, const char *path)
{
  Included *included = g_hash_table_lookup (includes->known, path);
  if (included == NULL)
    {
      included = look_at (includes->base, path);
      g_hash_table_insert (includes->known, g_strdup (path), included);
    }
  return included;
}

static void
feed (const AakIncludes *includes, const char *path, const Included *included, AakSha256 *sum)
{
  gsize base_len = strlen (includes->base);
  if (g_str_has_prefix (path, includes->base) && path[base_len] == '/')
    path += base_len + 1; /* the same tree elsewhere gives the same digest */
  aak_sha256_feed (sum, &included->kind, 1);
  aak_sha256_feed_text (sum, path);
  aak_sha256_feed_text (sum, included->digest != NULL ? included->digest : "");
}

/* --- the closure ----------------------------------------------------------------------------- */

static void
append_all (GPtrArray *pending, GPtrArray *targets)
{
  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (pending, targets->pdata[i]);
}

/* The digest over @named and all that they draw in, or NULL where that cannot be told. */
static char *
digest_closure (AakIncludes *includes, GPtrArray *named)
{
  AakSha256 sum;
  aak_sha256_begin (&sum);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) pending = g_ptr_array_new (); /* of paths in @named or in @includes */
  append_all (pending, named);
  for (guint i = 0; i < pending->len; i++)
    {
      const char *path = pending->pdata[i];
      if (!g_hash_table_add (seen, (gpointer) path))
        continue;
      const Included *included = find (includes, path);
      if (included->kind == 0 || g_hash_table_size (seen) > MAX_FILES)
        return NULL;
      feed (includes, path, included, &sum);
      append_all (pending, included->targets);
    }
  return aak_sha256_end (&sum);
}

char *
aak_includes_digest (AakIncludes *includes, GBytes *text)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new_with_free_func (g_free);
  if (!scan_text (includes->base, text, named))
    return NULL;
  g_ptr_array_add (named, NULL);
  g_autofree char *key = g_strjoinv ("\n", (char **) named->pdata); /* a name has no line end */
  g_ptr_array_set_size (named, (gint) named->len - 1);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&includes->lock);
  gpointer known = NULL;
  if (!g_hash_table_lookup_extended (includes->digests, key, NULL, &known))
    {
      known = digest_closure (includes, named);
      g_hash_table_insert (includes->digests, g_steal_pointer (&key), known);
    }
  return g_strdup (known);
}
