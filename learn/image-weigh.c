/* SPDX-License-Identifier: GPL-2.0-or-later
 * Counting the files of an image by the patterns that match them. A pattern is only compared with
 * what lies below the directory that it begins with. */
#include "config.h"

#include "learn/image-weigh.h"

#include "learn/file-rules.h"
#include "learn/path-match.h"
#include "learn/sensitive.h"

#include <string.h>

/* A pattern, and what was counted. */
typedef struct
{
  const char *pattern;
  GRegex *regex;      /* NULL: it was not needed yet */
  const char *ending; /* plain bytes that every match ends with */
  gboolean content;
  AakImageFact fact;
} Scale;

typedef struct
{
  GHashTable *candidates; /* the patterns; see aak_file_rules_candidates() */
  GHashTable *scales;     /* directory with its slash -> GPtrArray of Scale* */
  GHashTable *seen;       /* path -> AakPerm bits */
  guint compared;
} Weighing;

static void
scale_free (gpointer data)
{
  g_clear_pointer (&((Scale *) data)->regex, g_regex_unref);
  g_free (data);
}

/* --- the patterns ---------------------------------------------------------------------------- */

static GPtrArray *
scales_below (Weighing *weighing, const char *dir, gsize len)
{
  g_autofree char *key = g_strndup (dir, len);
  GPtrArray *scales = g_hash_table_lookup (weighing->scales, key);
  if (scales == NULL)
    {
      scales = g_ptr_array_new_with_free_func (scale_free);
      g_hash_table_insert (weighing->scales, g_steal_pointer (&key), scales);
    }
  return scales;
}

/* What is not plain in a pattern: globbing, and escapes. */
#define GLOBBING "\\*?[]{}@"

static void
add_scale (Weighing *weighing, const char *pattern, gboolean content)
{
  gsize plain = strcspn (pattern, GLOBBING);
  const char *ending = pattern + strlen (pattern);
  if (*pattern != '/')
    return;
  while (plain > 0 && pattern[plain - 1] != '/')
    plain--;
  while (ending > pattern && strchr (GLOBBING, ending[-1]) == NULL)
    ending--;
  Scale *scale = g_new (Scale, 1);
  *scale = (Scale){ .pattern = pattern, .ending = ending, .content = content };
  g_ptr_array_add (scales_below (weighing, pattern, plain), scale);
}

static void
gather (Weighing *weighing, const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (AakFileRules) rules = aak_file_rules_new (observations, sorted, FALSE);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_FILE)
        continue;
      gpointer perms = g_hash_table_lookup (weighing->seen, access->name);
      g_hash_table_insert (weighing->seen, access->name,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (perms) | access->perms));
      aak_file_rules_candidates (rules, access, weighing->candidates);
    }
  GHashTableIter iter;
  gpointer pattern, content;
  g_hash_table_iter_init (&iter, weighing->candidates);
  while (g_hash_table_iter_next (&iter, &pattern, &content))
    add_scale (weighing, pattern, GPOINTER_TO_INT (content));
}

/* --- the files ------------------------------------------------------------------------------- */

static gboolean
is_sensitive (const char *path, gboolean content)
{
  const AakRule rule = { .class = AAK_CLASS_FILE, .perms = AAK_PERM_R };
  return (content && aak_sensitive_is_secret (path))
         || aak_sensitive_find (&rule, path, NULL) != NULL;
}

static void
count (Scale *scale, const char *path, guint perms)
{
  scale->fact.files++;
  for (guint use = 0; use < AAK_USES; use++)
    scale->fact.seen[use] += (perms & aak_file_rules_perms_of ((AakUse) use)) != 0;
  scale->fact.sensitive += is_sensitive (path, scale->content);
}

static gboolean
matches (Scale *scale, const char *path)
{
  if (scale->regex == NULL)
    scale->regex = aak_path_match_compile (scale->pattern);
  return scale->regex != NULL && g_regex_match (scale->regex, path, 0, NULL);
}

static void
weigh_below (Weighing *weighing, const GPtrArray *scales, const char *path)
{
  guint perms = GPOINTER_TO_UINT (g_hash_table_lookup (weighing->seen, path));
  for (guint i = 0; i < scales->len && weighing->compared < AAK_IMAGE_WEIGH_MAX; i++)
    {
      Scale *scale = scales->pdata[i];
      weighing->compared++;
      if (g_str_has_suffix (path, scale->ending) && matches (scale, path))
        count (scale, path, perms);
    }
}

/* Asks the patterns that begin with one of the directories on the way to @path. */
static void
weigh_path (Weighing *weighing, const char *path, GString *dir)
{
  for (const char *slash = path; slash != NULL && slash[1] != '\0'; slash = strchr (slash + 1, '/'))
    {
      g_string_truncate (dir, 0);
      g_string_append_len (dir, path, slash - path + 1);
      const GPtrArray *scales = g_hash_table_lookup (weighing->scales, dir->str);
      if (scales != NULL)
        weigh_below (weighing, scales, path);
    }
}

static void
note (const Weighing *weighing, AakImageFacts *facts)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, weighing->scales);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const GPtrArray *scales = value;
      for (guint i = 0; i < scales->len; i++)
        {
          const Scale *scale = scales->pdata[i];
          if (scale->fact.files > 0 && aak_image_facts_count (facts) < AAK_IMAGE_FACTS_MAX)
            aak_image_facts_add (facts, scale->pattern, &scale->fact);
        }
    }
}

gboolean
aak_image_weigh (AakObservations *observations, const AakImageTree *tree)
{
  g_autoptr (GHashTable) candidates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) scales =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GString) dir = g_string_new (NULL);
  AakImageFacts *facts = aak_observations_image (observations);
  Weighing weighing = { candidates, scales, seen, 0 };
  gather (&weighing, observations);
  const char *path = tree->paths->str, *end = path + tree->paths->len;
  for (; path < end; path += strlen (path) + 1)
    weigh_path (&weighing, path, dir);
  note (&weighing, facts);
  return !tree->cut && weighing.compared < AAK_IMAGE_WEIGH_MAX
         && aak_image_facts_count (facts) < AAK_IMAGE_FACTS_MAX;
}
