/* SPDX-License-Identifier: GPL-2.0-or-later
 * Directories and lists of states. */
#include "config.h"

#include "learn/state-names.h"

#include "learn/state.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/sort.h"

#include <string.h>

/* The paths, and the same as a set. */
typedef struct
{
  GPtrArray *paths;
  GHashTable *known;
} Names;

/* Takes @path. */
static void
add_path (Names *names, char *path)
{
  if (!g_hash_table_contains (names->known, path))
    {
      g_ptr_array_add (names->paths, path);
      g_hash_table_add (names->known, path);
    }
  else
    g_free (path);
}

static gboolean
refuse_empty (const char *what, const char *name, GError **error)
{
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "%s: %s", shown, what);
  return FALSE;
}

static gboolean
add_directory (Names *names, const char *dir, GError **error)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, error);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  if (listing == NULL)
    return FALSE;
  while ((name = g_dir_read_name (listing)) != NULL)
    if (*name != '.' && g_str_has_suffix (name, AAK_STATE_SUFFIX))
      g_ptr_array_add (found, g_strdup (name));
  g_ptr_array_sort (found, aak_compare_texts);
  for (guint i = 0; i < found->len; i++)
    add_path (names, g_build_filename (dir, g_ptr_array_index (found, i), NULL));
  return found->len > 0 || refuse_empty ("no state (*" AAK_STATE_SUFFIX ") is there", dir, error);
}

static gboolean
add_word (Names *names, const char *word, GError **error)
{
  if (g_file_test (word, G_FILE_TEST_IS_DIR))
    return add_directory (names, word, error);
  add_path (names, g_strdup (word));
  return TRUE;
}

static gboolean
add_list (Names *names, const char *list, GError **error)
{
  gboolean from_stdin = strcmp (list, "-") == 0;
  g_autoptr (GBytes) text = from_stdin ? aak_fs_read_stdin (AAK_STATE_NAMES_MAX_BYTES, error)
                                       : aak_fs_read (list, AAK_STATE_NAMES_MAX_BYTES, error);
  if (text == NULL)
    return FALSE;
  gsize len = 0;
  const char *at = g_bytes_get_data (text, &len), *end = at + len;
  char separator = len > 0 && memchr (at, '\0', len) != NULL ? '\0' : '\n';
  guint words = 0;
  while (at < end)
    {
      const char *stop = memchr (at, separator, (gsize) (end - at));
      stop = stop != NULL ? stop : end;
      g_autofree char *word = g_strndup (at, (gsize) (stop - at));
      at = stop + 1;
      if (*word == '\0')
        continue;
      if (!add_word (names, word, error))
        return FALSE;
      words++;
    }
  return words > 0 || refuse_empty ("names no state", from_stdin ? "standard input" : list, error);
}

GPtrArray *
aak_state_names (char **words, const char *list, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  Names names = { paths, known };
  for (; *words != NULL; words++)
    if (!add_word (&names, *words, error))
      return NULL;
  if (list != NULL && !add_list (&names, list, error))
    return NULL;
  return g_steal_pointer (&paths);
}
