/* SPDX-License-Identifier: GPL-2.0-or-later
 * Asking the table of patterns about each name of a path. */
#include "config.h"

#include "learn/path-widen.h"

#include "learn/path-pattern.h"
#include "learn/pattern-table.h"

#include <string.h>

/* What stands for a name. */
typedef struct
{
  char *text;       /* pattern; NULL: it is the name itself */
  const char *pass; /* that says so */
  gboolean own;     /* since the name is the application's own */
} Part;

struct AakPathWiden
{
  char **names; /* between the slashes, without the empty one before the first */
  Part *parts;  /* as many */
  guint count;
  guint own; /* how many are widened as the application's own */
};

/* --- one name -------------------------------------------------------------------------------- */

static gboolean
fits (char *const *dir, char *const *names, guint count)
{
  guint i = 0;
  for (; dir[i] != NULL && strcmp (dir[i], "**") != 0; i++)
    if (i >= count || (strcmp (dir[i], "*") != 0 && strcmp (dir[i], names[i]) != 0))
      return FALSE;
  return dir[i] != NULL || i == count;
}

/* TRUE where @pattern looks at names of the directory that is called by the first @count of
 * @names. */
static gboolean
looks_below (const AakCertainPattern *pattern, char *const *names, guint count)
{
  for (guint i = 0; i < pattern->below->len; i++)
    if (fits (pattern->below->pdata[i], names, count))
      return TRUE;
  return pattern->below->len == 0;
}

/* Appends what @pattern makes of a match. */
static void
append_match (GString *out, const char *pattern, const GMatchInfo *match)
{
  for (const char *p = pattern; *p != '\0'; p++)
    {
      if (*p != '\\')
        {
          g_string_append_c (out, *p);
          continue;
        }
      g_autofree char *group = g_match_info_fetch (match, *++p - '0');
      aak_path_pattern_append_literal (out, group, strlen (group));
    }
}

/* What stands for @name by @certain; NULL where it does not match. */
static char *
apply (const AakCertainPattern *certain, const char *name)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  gint from = 0, begin = 0, end = 0;
  if (!g_regex_match (certain->expression, name, 0, &match))
    return NULL;
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_match_info_fetch_pos (match, 0, &begin, &end);
      aak_path_pattern_append_literal (out, name + from, (gsize) (begin - from));
      append_match (out, certain->pattern, match);
      from = end;
    }
  aak_path_pattern_append_literal (out, name + from, strlen (name + from));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The first pattern that matches the name at @index of @widen, of those for names that are the
 * application's own, or of the others. */
static Part
ask_table (const AakPathWiden *widen, guint index, gboolean own, gboolean read)
{
  const GPtrArray *patterns = aak_pattern_table ()->patterns;
  const char *name = widen->names[index];
  gboolean digit = name[strcspn (name, "0123456789")] != '\0';
  for (guint i = 0; i < patterns->len && (own || digit); i++)
    {
      const AakCertainPattern *certain = patterns->pdata[i];
      if (certain->own != own || (certain->read && !read)
          || !looks_below (certain, widen->names, index))
        continue;
      char *text = apply (certain, name);
      if (text != NULL)
        return (Part){ text, certain->id, own };
    }
  return (Part){ NULL, NULL, FALSE };
}

/* What stands for the name at @index of @widen, which begins at @from in @path. */
static Part
look_at (const AakPathWiden *widen, guint index, const AakOwnPaths *own, const char *path,
         const char *from, gboolean read)
{
  const char *slash = strchr (from, '/');
  Part part = ask_table (widen, index, FALSE, read);
  g_autofree char *prefix =
      slash != NULL ? g_strndup (path, (gsize) (slash - path) + 1) : g_strdup (path);
  if (part.text != NULL || !aak_own_paths_have (own, prefix))
    return part;
  char *text = own->siblings != NULL ? aak_name_siblings_pattern (own->siblings, prefix) : NULL;
  return text != NULL ? (Part){ text, AAK_NAME_SIBLINGS_PASS, TRUE }
                      : ask_table (widen, index, TRUE, read);
}

/* --- a path ---------------------------------------------------------------------------------- */

static char **
split (const char *path)
{
  return g_strsplit (*path == '/' ? path + 1 : path, "/", -1);
}

AakPathWiden *
aak_path_widen_new (const char *path, const AakOwnPaths *own, gboolean read)
{
  AakPathWiden *widen = g_new0 (AakPathWiden, 1);
  const char *at = *path == '/' ? path + 1 : path;
  widen->names = split (path);
  widen->count = g_strv_length (widen->names);
  widen->parts = g_new0 (Part, widen->count + 1);
  for (guint i = 0; i < widen->count; at += strlen (widen->names[i]) + 1, i++)
    {
      if (*widen->names[i] == '\0')
        continue;
      widen->parts[i] = look_at (widen, i, own, path, at, read);
      widen->own += widen->parts[i].own;
    }
  return widen;
}

void
aak_path_widen_free (AakPathWiden *widen)
{
  for (guint i = 0; i < widen->count; i++)
    g_free (widen->parts[i].text);
  g_strfreev (widen->names);
  g_free (widen->parts);
  g_free (widen);
}

guint
aak_path_widen_choices (const AakPathWiden *widen)
{
  return widen->own > AAK_PATH_WIDEN_MAX_CHOICES ? 1 : widen->own;
}

/* Of several slashes the parser would make one. */
static void
append_slash (GString *out, char *const *names, guint index)
{
  g_string_append (out, index > 0 && *names[index - 1] == '\0' ? "[/]" : "/");
}

char *
aak_path_widen_pattern (const AakPathWiden *widen, guint choices, const char **out_pass)
{
  GString *out = g_string_new (widen->count == 0 ? "/" : NULL);
  gboolean together = widen->own > AAK_PATH_WIDEN_MAX_CHOICES;
  guint own = 0;
  *out_pass = NULL;
  for (guint i = 0; i < widen->count; i++)
    {
      const Part *part = &widen->parts[i];
      gboolean chosen = part->text != NULL;
      if (part->own)
        chosen = (choices >> (together ? 0 : own++)) & 1;
      append_slash (out, widen->names, i);
      if (chosen)
        {
          g_string_append (out, part->text);
          *out_pass = part->pass;
        }
      else
        aak_path_pattern_append_literal (out, widen->names[i], strlen (widen->names[i]));
    }
  return g_string_free (out, FALSE);
}

char *
aak_path_widen_nothing (const char *path)
{
  g_auto (GStrv) names = split (path);
  GString *out = g_string_new (*names == NULL ? "/" : NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      append_slash (out, names, i);
      aak_path_pattern_append_literal (out, names[i], strlen (names[i]));
    }
  return g_string_free (out, FALSE);
}
