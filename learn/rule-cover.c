/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding needless rules. A pattern is only compared with what lies below the directory that it
 * begins with. */
#include "config.h"

#include "learn/rule-cover.h"

#include "learn/path-match.h"
#include "learn/path-pattern.h"
#include "learn/pattern-include.h"

#include <string.h>

/* A rule that may make others needless. */
typedef struct
{
  AakRule *rule;
  const char *ending; /* plain text that every match ends with */
  GRegex *regex;      /* what its pattern matches; NULL: it was not needed yet */
} Cover;

typedef struct
{
  GHashTable *covers; /* directory that the pattern begins with -> GPtrArray of Cover* */
  GHashTable *taken;  /* needless AakRule -> the AakRule that covers it */
  guint64 compared, matched;
} Search;

guint
aak_rule_permissions (const AakRule *rule)
{
  guint perms = rule->perms;
  if (rule->class != AAK_CLASS_FILE)
    return perms;
  if (*rule->detail != '\0')
    return AAK_PERM_L;
  if (perms & (AAK_PERM_W | AAK_PERM_C | AAK_PERM_D))
    perms |= AAK_PERM_W | AAK_PERM_A;
  return perms & ~(guint) (AAK_PERM_C | AAK_PERM_D);
}

/* --- what may cover -------------------------------------------------------------------------- */

static void
cover_free (gpointer data)
{
  g_clear_pointer (&((Cover *) data)->regex, g_regex_unref);
  g_free (data);
}

/* TRUE for an active rule about files by their names alone. */
static gboolean
is_plain (const AakRule *rule)
{
  return rule->class == AAK_CLASS_FILE && *rule->detail == '\0' && aak_rule_is_active (rule)
         && rule->allowed == NULL;
}

/* What is not plain in a pattern: globbing, and escapes. */
#define GLOBBING "\\*?[]{}@^"

static const char *
ending_of (const char *pattern)
{
  const char *ending = pattern + strlen (pattern);
  while (ending > pattern && strchr (GLOBBING, ending[-1]) == NULL)
    ending--;
  return ending;
}

static void
add_cover (GHashTable *covers, AakRule *rule)
{
  gsize len = strcspn (rule->name, GLOBBING);
  if (rule->name[len] == '\0')
    return;
  while (len > 0 && rule->name[len - 1] != '/')
    len--;
  g_autofree char *dir = g_strndup (rule->name, len);
  GPtrArray *list = g_hash_table_lookup (covers, dir);
  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (cover_free);
      g_hash_table_insert (covers, g_steal_pointer (&dir), list);
    }
  Cover *cover = g_new0 (Cover, 1);
  cover->rule = rule;
  cover->ending = ending_of (rule->name);
  g_ptr_array_add (list, cover);
}

/* --- comparing ------------------------------------------------------------------------------- */

static gboolean
gives (const AakRule *by, const AakRule *rule)
{
  return (aak_rule_permissions (rule) & ~aak_rule_permissions (by)) == 0
         && (rule->owner || !by->owner);
}

/* TRUE where the pattern of @cover matches all that @pattern does, which means @path where that is
 * not NULL. */
static gboolean
holds (Search *search, Cover *cover, const char *pattern, const char *path)
{
  const char *outer = cover->rule->name;
  if (path == NULL)
    {
      if (!g_str_has_suffix (pattern, cover->ending))
        return FALSE;
      search->compared += strlen (outer) * strlen (pattern);
      return search->compared <= AAK_RULE_COVER_MAX && aak_pattern_includes (outer, pattern);
    }
  if (cover->regex == NULL)
    cover->regex = aak_path_match_compile (outer);
  return search->matched++ < AAK_RULE_COVER_MAX_PATHS && cover->regex != NULL
         && g_regex_match (cover->regex, path, 0, NULL);
}

/* The first of @list that makes @rule needless, or NULL. */
static AakRule *
find_in (Search *search, const GPtrArray *list, const AakRule *rule, const char *path)
{
  for (guint i = 0; i < list->len; i++)
    {
      Cover *cover = list->pdata[i];
      if (cover->rule != rule && !g_hash_table_contains (search->taken, cover->rule)
          && gives (cover->rule, rule) && holds (search, cover, rule->name, path))
        return cover->rule;
    }
  return NULL;
}

/* Asks the patterns that begin with one of the directories on the way to @rule's. */
static AakRule *
find (Search *search, const AakRule *rule)
{
  g_autofree char *path = aak_path_pattern_literal (rule->name);
  AakRule *found = NULL;
  for (const char *slash = strchr (rule->name, '/'); slash != NULL && found == NULL;
       slash = strchr (slash + 1, '/'))
    {
      g_autofree char *dir = g_strndup (rule->name, (gsize) (slash - rule->name) + 1);
      const GPtrArray *list = g_hash_table_lookup (search->covers, dir);
      found = list != NULL ? find_in (search, list, rule, path) : NULL;
    }
  return found;
}

/* --- evidence -------------------------------------------------------------------------------- */

/* TRUE where the access of the part @index of @trace was traced to its rule before; the parts of an
 * access stand together. */
static gboolean
is_repeated (const GArray *trace, guint index)
{
  const AakTrace *part = &g_array_index (trace, AakTrace, index);
  for (const AakTrace *before = part; index-- > 0 && (--before)->access == part->access;)
    if (before->rule == part->rule)
      return TRUE;
  return FALSE;
}

/* The accesses of needless rules become those of the rules that cover them. */
static void
hand_over (const Search *search, GArray *trace)
{
  guint kept = 0;
  for (guint i = 0; i < trace->len; i++)
    {
      AakTrace part = g_array_index (trace, AakTrace, i);
      for (AakRule *by = part.rule; by != NULL; by = g_hash_table_lookup (search->taken, by))
        part.rule = by;
      g_array_index (trace, AakTrace, kept) = part;
      kept += !is_repeated (trace, kept);
    }
  g_array_set_size (trace, kept);
}

/* Counts anew what @rules rest on. */
static void
count_evidence (const GPtrArray *rules, const GArray *trace)
{
  for (guint i = 0; i < rules->len; i++)
    {
      AakRule *rule = rules->pdata[i];
      rule->accesses = 0;
      rule->events = 0;
    }
  for (guint i = 0; i < trace->len; i++)
    {
      const AakTrace *part = &g_array_index (trace, AakTrace, i);
      part->rule->accesses++;
      part->rule->events += aak_observation_events (part->access);
    }
}

static void
drop (GPtrArray *rules, GHashTable *needless)
{
  gsize n = 0;
  g_autofree gpointer *all = g_ptr_array_steal (rules, &n);
  for (gsize i = 0; i < n; i++)
    if (g_hash_table_contains (needless, all[i]))
      aak_rule_free (all[i]);
    else
      g_ptr_array_add (rules, all[i]);
}

void
aak_rule_cover_drop (GPtrArray *rules, GArray *trace)
{
  g_autoptr (GHashTable) covers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  Search search = { covers, taken, 0, 0 };
  for (guint i = 0; i < rules->len; i++)
    if (is_plain (rules->pdata[i]))
      add_cover (covers, rules->pdata[i]);
  for (guint i = 0; i < rules->len && g_hash_table_size (covers) > 0; i++)
    {
      AakRule *rule = rules->pdata[i];
      gboolean fixed = !is_plain (rule) || (rule->perms & (AAK_PERM_X | AAK_PERM_L)) != 0;
      AakRule *by = fixed ? NULL : find (&search, rule);
      if (by != NULL)
        g_hash_table_insert (taken, rule, by);
    }
  if (g_hash_table_size (taken) == 0)
    return;
  hand_over (&search, trace);
  drop (rules, taken);
  count_evidence (rules, trace);
}
