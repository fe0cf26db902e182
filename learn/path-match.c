/* SPDX-License-Identifier: GPL-2.0-or-later
 * AppArmor's globbing as a regular expression over bytes, as apparmor.d(5) describes it. */
#include "config.h"

#include "learn/path-match.h"

#include "learn/path-pattern.h"
#include "learn/profile-writer.h"

#include <string.h>

#define MAX_DEPTH 2 /* of variables in variables */

static gboolean append_pattern (GString *out, const char *pattern, guint depth);

static void
append_byte (GString *out, guchar byte)
{
  g_string_append_printf (out, "\\x%02x", byte);
}

/* "\052" and "\*"; returns what follows, or NULL. */
static const char *
append_escaped (GString *out, const char *at)
{
  guchar byte = 0;
  const char *after = aak_path_pattern_take_escape (at, &byte);
  if (after != NULL)
    append_byte (out, byte);
  return after;
}

/* A component that a star stands for is never empty, nor is the first of those that two do. */
static const char *
append_stars (GString *out, const char *at, gboolean after_slash)
{
  gsize stars = strspn (at, "*");
  gboolean whole = after_slash && (at[stars] == '/' || at[stars] == '\0');
  if (whole)
    g_string_append (out, "[^/\\x00]");
  g_string_append (out, stars > 1 ? "[^\\x00]*" : "[^/\\x00]*");
  return at + stars;
}

/* "[a-z]" and "[^a]", without escapes; returns what follows, or NULL. */
static const char *
append_class (GString *out, const char *at)
{
  gsize len = strcspn (at, "]");
  if (len == 0 || at[len] == '\0' || strcspn (at, "[\\") < len)
    return NULL;
  g_string_append_c (out, '[');
  for (gsize i = 0; i < len; i++)
    {
      if ((i == 0 && at[i] == '^') || at[i] == '-')
        g_string_append_c (out, at[i]);
      else
        append_byte (out, (guchar) at[i]);
    }
  g_string_append_c (out, ']');
  return at + len + 1;
}

/* "@{pid}"; returns what follows, or NULL. */
static const char *
append_variable (GString *out, const char *at, guint depth)
{
  gsize len = strcspn (at, "}");
  if (at[len] == '\0' || depth >= MAX_DEPTH)
    return NULL;
  g_autofree char *name = g_strndup (at, len + 1);
  const char *value = aak_profile_variable (name);
  return value != NULL && append_pattern (out, value, depth + 1) ? at + len + 1 : NULL;
}

/* What means itself, but for braces, a comma inside of them, and a question mark. */
static const char *
append_plain (GString *out, const char *at, guint *braces)
{
  gboolean inside = *braces > 0;
  *braces += *at == '{';
  *braces -= *at == '}' && inside;
  if (*at == '?')
    g_string_append (out, "[^/\\x00]");
  else if (*at == '{')
    g_string_append (out, "(?:");
  else if (*at == '}' && inside)
    g_string_append_c (out, ')');
  else if (*at == ',' && inside)
    g_string_append_c (out, '|');
  else
    append_byte (out, (guchar) *at);
  return at + 1;
}

static gboolean
append_pattern (GString *out, const char *pattern, guint depth)
{
  guint braces = 0;
  const char *at = pattern;
  while (at != NULL && *at != '\0')
    {
      if (strncmp (at, "@{", 2) == 0)
        at = append_variable (out, at, depth);
      else if (*at == '\\')
        at = append_escaped (out, at + 1);
      else if (*at == '*')
        at = append_stars (out, at, at > pattern && at[-1] == '/');
      else if (*at == '[')
        at = append_class (out, at + 1);
      else
        at = append_plain (out, at, &braces);
    }
  return at != NULL && braces == 0;
}

/* Most rules differ from a path in their first literal bytes. */
static gboolean
may_match (const char *pattern, const char *path)
{
  return strncmp (pattern, path, strcspn (pattern, "\\*?[{@")) == 0;
}

GRegex *
aak_path_match_compile (const char *pattern)
{
  g_autoptr (GString) text = g_string_new ("\\A");
  if (!append_pattern (text, pattern, 0))
    return NULL;
  g_string_append (text, "\\z");
  return g_regex_new (text->str, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL);
}

gboolean
aak_path_match (const char *pattern, const char *path)
{
  g_autoptr (GRegex) regex = may_match (pattern, path) ? aak_path_match_compile (pattern) : NULL;
  return regex != NULL && g_regex_match (regex, path, 0, NULL);
}
