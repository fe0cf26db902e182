/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading the table of what is widened. */
#include "config.h"

#include "learn/pattern-table.h"

#include "lib/table.h"

#include <string.h>

#define TABLE "generalise.yaml"

static void
example_free (gpointer data)
{
  AakPatternExample *example = data;
  g_free (example->path);
  g_free (example->pattern);
  g_free (example);
}

static void
pattern_free (gpointer data)
{
  AakCertainPattern *pattern = data;
  g_free (pattern->id);
  g_free (pattern->why);
  g_free (pattern->pattern);
  g_ptr_array_unref (pattern->below);
  g_ptr_array_unref (pattern->becomes);
  g_clear_pointer (&pattern->expression, g_regex_unref);
  g_strfreev (pattern->stays);
  g_free (pattern);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCertainPattern, pattern_free)

static AakCertainPattern *
pattern_new (void)
{
  AakCertainPattern *pattern = g_new0 (AakCertainPattern, 1);
  pattern->below = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  pattern->becomes = g_ptr_array_new_with_free_func (example_free);
  return pattern;
}

void
aak_pattern_table_free (AakPatternTable *table)
{
  g_ptr_array_unref (table->patterns);
  g_strfreev (table->content.system);
  g_strfreev (table->content.except);
  g_strfreev (table->content.code);
  g_strfreev (table->content.kinds);
  g_strfreev (table->shared);
  g_clear_pointer (&table->public, g_ptr_array_unref);
  g_strfreev (table->modules.names);
  g_strfreev (table->modules.kinds);
  g_free (table);
}

/* --- one entry ------------------------------------------------------------------------------- */

static gboolean
read_below (AakYamlNode entry, AakCertainPattern *pattern, GError **error)
{
  g_auto (GStrv) dirs = NULL;
  if (!aak_table_texts (entry, "below", &dirs, error))
    return FALSE;
  for (char **dir = dirs; *dir != NULL; dir++)
    {
      const char *stars = strstr (*dir, "**");
      if (**dir != '/' || strstr (*dir, "//") != NULL || g_str_has_suffix (*dir, "/")
          || (stars != NULL && (stars[2] != '\0' || stars[-1] != '/')))
        return aak_yaml_error (entry, error, "below: %s is no directory, or has ** inside", *dir);
      g_ptr_array_add (pattern->below, g_strsplit (*dir + 1, "/", -1));
    }
  return TRUE;
}

static gboolean
read_when (AakYamlNode entry, AakCertainPattern *pattern, GError **error)
{
  g_auto (GStrv) words = NULL;
  if (!aak_table_texts (entry, "when", &words, error))
    return FALSE;
  for (char **word = words; *word != NULL; word++)
    if (strcmp (*word, "read") == 0)
      pattern->read = TRUE;
    else if (strcmp (*word, "own") == 0)
      pattern->own = TRUE;
    else
      return aak_yaml_error (entry, error, "when: %s is neither read nor own", *word);
  return TRUE;
}

/* The text under @key as an expression, which must match a whole name where it is not for parts. */
static gboolean
read_expression (AakYamlNode entry, AakCertainPattern *pattern, GError **error)
{
  AakYamlNode node;
  pattern->partial = aak_yaml_find (entry, "part", &node);
  if (pattern->partial == aak_yaml_find (entry, "name", &node))
    return aak_yaml_error (entry, error, "one of name and part is needed");
  const char *text = aak_yaml_get_text (entry, pattern->partial ? "part" : "name", error);
  if (text == NULL)
    return FALSE;
  g_autoptr (GError) local = NULL;
  g_autofree char *whole = g_strdup_printf ("\\A(?:%s)\\z", text);
  pattern->expression =
      g_regex_new (pattern->partial ? text : whole, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, &local);
  return pattern->expression != NULL || aak_yaml_error (entry, error, "%s", local->message);
}

/* "\N" of groups that there are, and what is no syntax of a rule. */
static gboolean
check_pattern (AakYamlNode entry, const AakCertainPattern *pattern, GError **error)
{
  for (const char *p = pattern->pattern; *p != '\0'; p++)
    {
      if (*p == '\\')
        {
          p++;
          if (*p < '1' || *p - '0' > g_regex_get_capture_count (pattern->expression))
            return aak_yaml_error (entry, error, "pattern: no such group");
        }
      else if (!g_ascii_isalnum (*p) && strchr ("*?[]{}@._-^,", *p) == NULL)
        return aak_yaml_error (entry, error, "pattern: '%c' cannot stand in it", *p);
    }
  return *pattern->pattern != '\0' || aak_yaml_error (entry, error, "pattern: is empty");
}

static gboolean
read_examples (AakYamlNode entry, AakCertainPattern *pattern, GError **error)
{
  static const char *const keys[] = { "path", "pattern", NULL };
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (entry, "becomes", &list, error) || !aak_yaml_length (list, &length, error)
      || !aak_table_texts (entry, "stays", &pattern->stays, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      const char *path = aak_yaml_get_text (item, "path", error);
      const char *becomes = path != NULL ? aak_yaml_get_text (item, "pattern", error) : NULL;
      if (becomes == NULL || !aak_table_check_keys (item, keys, error))
        return FALSE;
      AakPatternExample *example = g_new (AakPatternExample, 1);
      *example = (AakPatternExample){ g_strdup (path), g_strdup (becomes) };
      g_ptr_array_add (pattern->becomes, example);
    }
  return (length > 0 && *pattern->stays != NULL)
         || aak_yaml_error (entry, error, "becomes and stays need a test each");
}

static AakCertainPattern *
read_pattern (AakYamlNode entry, GError **error)
{
  static const char *const keys[] = { "id",   "why",     "source",  "below", "when", "name",
                                      "part", "pattern", "becomes", "stays", NULL };
  g_autoptr (AakCertainPattern) pattern = pattern_new ();
  if (!aak_table_check_keys (entry, keys, error)
      || (pattern->id = g_strdup (aak_yaml_get_text (entry, "id", error))) == NULL
      || (pattern->why = g_strdup (aak_yaml_get_text (entry, "why", error))) == NULL
      || aak_yaml_get_text (entry, "source", error) == NULL
      || (pattern->pattern = g_strdup (aak_yaml_get_text (entry, "pattern", error))) == NULL
      || !read_below (entry, pattern, error) || !read_when (entry, pattern, error)
      || !read_expression (entry, pattern, error) || !check_pattern (entry, pattern, error)
      || !read_examples (entry, pattern, error))
    return NULL;
  if (aak_table_is_id (pattern->id))
    return g_steal_pointer (&pattern);
  aak_yaml_error (entry, error, "id: lower case letters, digits and \"-\"");
  return NULL;
}

/* --- the table ------------------------------------------------------------------------------- */

static const AakCertainPattern *
find (const AakPatternTable *table, const char *id)
{
  for (guint i = 0; i < table->patterns->len; i++)
    {
      const AakCertainPattern *pattern = table->patterns->pdata[i];
      if (strcmp (pattern->id, id) == 0)
        return pattern;
    }
  return NULL;
}

static const AakPublicData *
find_public (const AakPatternTable *table, const char *id)
{
  for (guint i = 0; i < table->public->len; i++)
    {
      const AakPublicData *entry = table->public->pdata[i];
      if (strcmp (entry->id, id) == 0)
        return entry;
    }
  return NULL;
}

static gboolean
read_patterns (AakYamlNode root, AakPatternTable *table, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (root, "patterns", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_PATTERNS_MAX)
    return aak_yaml_error (list, error, "more than %u entries", AAK_PATTERNS_MAX);
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      g_autoptr (AakCertainPattern) pattern = read_pattern (item, error);
      if (pattern == NULL)
        return FALSE;
      if (find (table, pattern->id) != NULL)
        return aak_yaml_error (item, error, "%s is there twice", pattern->id);
      g_ptr_array_add (table->patterns, g_steal_pointer (&pattern));
    }
  return TRUE;
}

static gboolean
check_prefixes (AakYamlNode entry, char *const *prefixes, GError **error)
{
  for (; *prefixes != NULL; prefixes++)
    if (**prefixes != '/' || !g_str_has_suffix (*prefixes, "/"))
      return aak_yaml_error (entry, error, "%s: a slash at both ends is needed", *prefixes);
  return TRUE;
}

static gboolean
read_content (AakYamlNode root, AakContentRules *content, GError **error)
{
  static const char *const keys[] = { "system", "except", "code", "kinds", NULL };
  AakYamlNode entry;
  return aak_yaml_get (root, "content", &entry, error) && aak_table_check_keys (entry, keys, error)
         && aak_table_texts (entry, "system", &content->system, error)
         && aak_table_texts (entry, "except", &content->except, error)
         && aak_table_texts (entry, "code", &content->code, error)
         && aak_table_texts (entry, "kinds", &content->kinds, error)
         && check_prefixes (entry, content->system, error)
         && check_prefixes (entry, content->except, error);
}

static gboolean
read_data (AakYamlNode root, AakPatternTable *table, GError **error)
{
  static const char *const keys[] = { "shared", NULL };
  AakYamlNode entry;
  return aak_yaml_get (root, "data", &entry, error) && aak_table_check_keys (entry, keys, error)
         && aak_table_texts (entry, "shared", &table->shared, error)
         && check_prefixes (entry, table->shared, error);
}

static gboolean
read_public (AakYamlNode root, AakPatternTable *table, GError **error)
{
  table->public = aak_public_list_read (root, error);
  for (guint i = 0; table->public != NULL && i < table->public->len; i++)
    {
      const AakPublicData *entry = table->public->pdata[i];
      if (find (table, entry->id) != NULL || find_public (table, entry->id) != entry)
        return aak_yaml_error (root, error, "public: %s is there twice", entry->id);
    }
  return table->public != NULL;
}

static gboolean
read_modules (AakYamlNode root, AakModuleRules *modules, GError **error)
{
  static const char *const keys[] = { "names", "kinds", NULL };
  AakYamlNode entry;
  return aak_yaml_get (root, "modules", &entry, error) && aak_table_check_keys (entry, keys, error)
         && aak_table_texts (entry, "names", &modules->names, error)
         && aak_table_texts (entry, "kinds", &modules->kinds, error);
}

AakPatternTable *
aak_pattern_table_read (const char *name, GBytes *text, GError **error)
{
  static const char *const keys[] = { "schema", "patterns", "content", "data",
                                      "public", "modules",  NULL };
  g_autoptr (AakPatternTable) table = g_new0 (AakPatternTable, 1);
  table->patterns = g_ptr_array_new_with_free_func (pattern_free);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "generalise", 1, error)
      || !aak_table_check_keys (aak_yaml_root (yaml), keys, error)
      || !read_patterns (aak_yaml_root (yaml), table, error)
      || !read_content (aak_yaml_root (yaml), &table->content, error)
      || !read_data (aak_yaml_root (yaml), table, error)
      || !read_public (aak_yaml_root (yaml), table, error)
      || !read_modules (aak_yaml_root (yaml), &table->modules, error))
    return NULL;
  return g_steal_pointer (&table);
}

const AakPatternTable *
aak_pattern_table (void)
{
  static const AakPatternTable *table;
  if (g_once_init_enter (&table))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = aak_table_text (TABLE);
      AakPatternTable *read = aak_pattern_table_read (TABLE, text, &error);
      if (read == NULL)
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&table, read);
    }
  return table;
}

const char *
aak_pattern_table_why (const char *id)
{
  const AakCertainPattern *pattern = find (aak_pattern_table (), id);
  const AakPublicData *entry = find_public (aak_pattern_table (), id);
  if (pattern != NULL)
    return pattern->why;
  return entry != NULL ? entry->why : NULL;
}

gboolean
aak_pattern_table_is_system (const char *dir)
{
  guint depth = 0;
  for (const char *p = dir; *p != '\0'; p++)
    depth += *p == '/';
  if (depth < 3)
    return TRUE;
  for (char **prefix = aak_pattern_table ()->content.system; *prefix != NULL; prefix++)
    if (g_str_has_prefix (dir, *prefix))
      return TRUE;
  return FALSE;
}
