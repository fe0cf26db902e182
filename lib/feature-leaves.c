/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The flat form of a feature set taken apart: "NAME {CONTENT}", nested. */
#include "config.h"

#include "lib/feature-leaves.h"

#include "lib/escape.h"
#include "lib/sort.h"

#include <string.h>

/* --- leaves ---------------------------------------------------------------------------------- */

static void
leaf_free (AakFeatureLeaf *leaf)
{
  g_free (leaf->path);
  g_strfreev (leaf->words);
  g_free (leaf);
}

static int
compare_leaves (gconstpointer a, gconstpointer b)
{
  const AakFeatureLeaf *const *left = a, *const *right = b;
  return strcmp ((*left)->path, (*right)->path);
}

static GStrv
split_words (const char *content)
{
  g_autofree char *text = aak_escape (content, strlen (content));
  g_auto (GStrv) parts = g_strsplit_set (text, " ", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      g_ptr_array_add (words, g_strdup (*part));
  g_ptr_array_sort (words, aak_compare_texts);
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/* A leaf of @names, the folders and its own, and of what is between its braces. */
static AakFeatureLeaf *
leaf_new (GPtrArray *names, const char *content)
{
  AakFeatureLeaf *leaf = g_new0 (AakFeatureLeaf, 1);
  g_autoptr (GString) path = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (path, "%s%s", i > 0 ? "/" : "", (const char *) names->pdata[i]);
  leaf->path = g_string_free (g_steal_pointer (&path), FALSE);
  leaf->words = split_words (content);
  return leaf;
}

/* The bytes from @start to @end without blanks around them. */
static char *
strip (const char *start, const char *end)
{
  return g_strstrip (g_strdelimit (g_strndup (start, (gsize) (end - start)), "\n\t\r", ' '));
}

GPtrArray *
aak_feature_leaves (const AakFeatures *features)
{
  GPtrArray *leaves = g_ptr_array_new_with_free_func ((GDestroyNotify) leaf_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean inner = FALSE; /* something within the open braces was a brace */
  const char *start = aak_features_text (features);
  for (const char *p = start; *p != '\0'; p++)
    {
      if (*p != '{' && *p != '}')
        continue;
      g_autofree char *word = strip (start, p);
      start = p + 1;
      if (*p == '{')
        {
          g_ptr_array_add (names, aak_escape (word, strlen (word)));
          inner = FALSE;
          continue;
        }
      if (!inner && names->len > 0)
        g_ptr_array_add (leaves, leaf_new (names, word));
      if (names->len > 0)
        g_ptr_array_remove_index (names, names->len - 1);
      inner = TRUE;
    }
  g_ptr_array_sort (leaves, compare_leaves);
  return leaves;
}

/* --- comparing ------------------------------------------------------------------------------- */

static void
change_free (AakFeatureChange *change)
{
  g_free (change->path);
  g_free (change->first);
  g_free (change->second);
  g_free (change);
}

/* The words of @these that are not among @those; NULL where there are none. */
static char *
words_without (GStrv these, GStrv those)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (char **word = these; *word != NULL; word++)
    if (!g_strv_contains ((const char *const *) those, *word))
      g_ptr_array_add (words, *word);
  g_ptr_array_add (words, NULL);
  return words->len > 1 ? g_strjoinv (" ", (char **) words->pdata) : NULL;
}

/* "yes" is there and "no" is not, as if the file were not there. */
static GStrv
without_no (GStrv words)
{
  static char *none[] = { NULL };
  return words[0] != NULL && words[1] == NULL && strcmp (words[0], "no") == 0 ? none : words;
}

/* Of a file that is in both sets; NULL: in neither. */
static void
compare (GPtrArray *changes, const char *path, GStrv first, GStrv second)
{
  first = without_no (first);
  second = without_no (second);
  AakFeatureChange *change = g_new0 (AakFeatureChange, 1);
  change->path = g_strdup (path);
  change->first = words_without (first, second);
  change->second = words_without (second, first);
  gboolean lists = g_strv_length (first) != 1 || g_strv_length (second) != 1;
  if (change->first == NULL && change->second == NULL)
    change_free (change);
  else if (change->first != NULL && change->second != NULL && !lists)
    {
      change->kind = AAK_FEATURE_DIFFERS;
      g_ptr_array_add (changes, change);
    }
  else
    {
      /* Two lists may each have words of their own: two changes then. */
      char *more = g_steal_pointer (&change->second);
      if (change->first != NULL)
        g_ptr_array_add (changes, change);
      else
        change_free (change);
      if (more == NULL)
        return;
      AakFeatureChange *other = g_new0 (AakFeatureChange, 1);
      *other = (AakFeatureChange){ AAK_FEATURE_MORE, g_strdup (path), NULL, more };
      g_ptr_array_add (changes, other);
    }
}

GPtrArray *
aak_feature_changes (const AakFeatures *first, const AakFeatures *second)
{
  static char *none[] = { NULL };
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  g_autoptr (GPtrArray) left = aak_feature_leaves (first), right = aak_feature_leaves (second);
  for (guint i = 0, j = 0; i < left->len || j < right->len;)
    {
      const AakFeatureLeaf *a = i < left->len ? left->pdata[i] : NULL;
      const AakFeatureLeaf *b = j < right->len ? right->pdata[j] : NULL;
      int order = a == NULL ? 1 : b == NULL ? -1 : strcmp (a->path, b->path);
      const AakFeatureLeaf *head = order <= 0 ? a : b;
      if (head == NULL)
        break;
      compare (changes, head->path, order <= 0 ? head->words : none,
               order >= 0 && b != NULL ? b->words : none);
      i += order <= 0;
      j += order >= 0;
    }
  return changes;
}
