/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Files of policy text. */
#include "config.h"

#include "lib/policy/source.h"

#include "lib/fs.h"
#include "lib/policy/policy.h"
#include "lib/sort.h"

#include <string.h>

#define MAX_FILE_SIZE (4 * 1024 * 1024)
#define MAX_COUNTED   4096  /* bytes of a line */
#define MAX_ENTRIES   10000 /* of a directory */

struct AakPolicyIncludes
{
  char *base;
  GMutex lock;       /* of the files */
  GHashTable *files; /* path -> AakPolicySource, or NULL where it cannot be read */
};

/* --- places ---------------------------------------------------------------------------------- */

AakPolicySource *
aak_policy_source_new (const char *path, GBytes *text)
{
  AakPolicySource *source = g_new0 (AakPolicySource, 1);
  source->path = g_strdup (path);
  source->text = g_bytes_ref (text);
  source->lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize len = 0, at = 0;
  const char *bytes = g_bytes_get_data (text, &len);
  g_array_append_val (source->lines, at);
  for (at = 0; at < len; at++)
    if (bytes[at] == '\n')
      {
        gsize next = at + 1;
        g_array_append_val (source->lines, next);
      }
  return source;
}

void
aak_policy_source_free (AakPolicySource *source)
{
  if (source == NULL)
    return;
  g_free (source->path);
  g_bytes_unref (source->text);
  g_array_unref (source->lines);
  g_free (source);
}

gsize
aak_policy_source_line (const AakPolicySource *source, guint line, gsize *out_size)
{
  gsize len = g_bytes_get_size (source->text);
  gboolean there = line >= 1 && line <= source->lines->len;
  gsize start = there ? g_array_index (source->lines, gsize, line - 1) : len;
  gboolean last = !there || line == source->lines->len;
  gsize end = last ? len : g_array_index (source->lines, gsize, line) - 1;
  *out_size = end - start;
  return start;
}

/* How many characters the bytes are; what is beyond MAX_COUNTED counts by its bytes. */
static guint
count_characters (const char *bytes, gsize len)
{
  guint count = (guint) (len - MIN (len, MAX_COUNTED));
  for (gsize i = 0; i < MIN (len, MAX_COUNTED); count++)
    {
      gunichar c = g_utf8_get_char_validated (bytes + i, (gssize) (len - i));
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2 && c != 0;
      i += valid ? (gsize) g_unichar_to_utf8 (c, NULL) : 1;
    }
  return count;
}

AakPolicyPosition
aak_policy_place_position (AakPolicyPlace place)
{
  const GArray *lines = place.source->lines;
  gsize len = 0, size = 0;
  const char *bytes = g_bytes_get_data (place.source->text, &len);
  gsize at = MIN (place.at, len);
  guint low = 0, high = lines->len;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (lines, gsize, middle) <= at)
        low = middle;
      else
        high = middle;
    }
  gsize start = aak_policy_source_line (place.source, low + 1, &size);
  gsize end = MIN (at + place.size, start + size);
  guint before = count_characters (bytes + start, at - start);
  return (AakPolicyPosition){
    .line = low + 1,
    .column = before + 1,
    .end_column = before + 1 + (end > at ? count_characters (bytes + at, end - at) : 0),
  };
}

/* --- includes -------------------------------------------------------------------------------- */

AakPolicyIncludes *
aak_policy_includes_new (const char *base)
{
  AakPolicyIncludes *includes = g_new0 (AakPolicyIncludes, 1);
  includes->base = g_strdup (base);
  g_mutex_init (&includes->lock);
  includes->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) aak_policy_source_free);
  return includes;
}

void
aak_policy_includes_free (AakPolicyIncludes *includes)
{
  g_free (includes->base);
  g_mutex_clear (&includes->lock);
  g_hash_table_unref (includes->files);
  g_free (includes);
}

/* The file @path, or NULL where it is none that can be read. */
static const AakPolicySource *
load (AakPolicyIncludes *includes, const char *path)
{
  gpointer known = NULL;
  if (g_hash_table_lookup_extended (includes->files, path, NULL, &known))
    return known;
  g_autoptr (GBytes) text = aak_fs_read (path, MAX_FILE_SIZE, NULL);
  gsize len = text != NULL ? g_bytes_get_size (text) : 0;
  gboolean usable =
      text != NULL && (len == 0 || memchr (g_bytes_get_data (text, NULL), '\0', len) == NULL);
  AakPolicySource *source = usable ? aak_policy_source_new (path, text) : NULL;
  g_hash_table_insert (includes->files, g_strdup (path), source);
  return source;
}

static gboolean
add_file (AakPolicyIncludes *includes, const char *path, GPtrArray *out)
{
  const AakPolicySource *source = load (includes, path);
  if (source != NULL)
    g_ptr_array_add (out, (gpointer) source);
  return source != NULL;
}

/* The files of a directory, without those that the parser skips. */
static gboolean
add_directory (AakPolicyIncludes *includes, const char *path, GPtrArray *out)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    return FALSE;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (!aak_policy_skip_file (name))
      g_ptr_array_add (names, g_build_filename (path, name, NULL));
  if (names->len > MAX_ENTRIES)
    return FALSE;
  g_ptr_array_sort (names, aak_compare_texts);
  for (guint i = 0; i < names->len; i++)
    if (!g_file_test (names->pdata[i], G_FILE_TEST_IS_DIR)
        && !add_file (includes, names->pdata[i], out))
      return FALSE;
  return TRUE;
}

/* The path that "<NAME>" or "\"/NAME\"" stands for; NULL for other forms. */
static char *
path_of (const AakPolicyIncludes *includes, const char *name)
{
  gsize len = strlen (name);
  if (len < 3 || strpbrk (name, "\\@{}*?[\n") != NULL)
    return NULL;
  g_autofree char *inner = g_strndup (name + 1, len - 2);
  gboolean absolute = *inner == '/';
  if (name[0] == '<' && name[len - 1] == '>' && strchr (inner, '"') == NULL)
    return absolute ? g_steal_pointer (&inner) : g_build_filename (includes->base, inner, NULL);
  if (name[0] == '"' && name[len - 1] == '"' && absolute && strchr (inner, '"') == NULL)
    return g_steal_pointer (&inner);
  return NULL;
}

GPtrArray *
aak_policy_includes_find (AakPolicyIncludes *includes, const char *name)
{
  g_autofree char *path = path_of (includes, name);
  if (path == NULL)
    return NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&includes->lock);
  gboolean ok = TRUE;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    ok = add_directory (includes, path, found);
  else if (g_file_test (path, G_FILE_TEST_EXISTS))
    ok = add_file (includes, path, found);
  return ok ? g_steal_pointer (&found) : NULL;
}
