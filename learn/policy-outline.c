/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profiles of a text, found by its statements. */
#include "config.h"

#include "learn/policy-outline.h"

#include "lib/escape.h"
#include "lib/policy/lexer.h"

#include <string.h>

#define MAX_DEPTH    16
#define MAX_PROFILES 10000
#define MAX_NAME     4096
#define NAMES_SHOWN  10

struct AakOutline
{
  const char *what;
  const char *text;
  gsize len;
  GPtrArray *profiles; /* AakOutlineProfile */
};

/* A body that is open. */
typedef struct
{
  AakOutlineProfile *profile; /* NULL for a group */
  gsize start;
} Body;

typedef struct
{
  AakPolicyLexer lexer;
  AakOutline *outline;
  Body open[MAX_DEPTH];
  guint depth;
} Walk;

static void
profile_free (gpointer data)
{
  AakOutlineProfile *profile = data;
  g_free (profile->name);
  g_free (profile);
}

void
aak_outline_free (AakOutline *outline)
{
  g_ptr_array_unref (outline->profiles);
  g_free (outline);
}

/* --- bodies ---------------------------------------------------------------------------------- */

static char *
full_name (const Walk *walk, const AakStatement *header)
{
  g_autofree char *own = g_strndup (walk->lexer.text + header->name_at, header->name_size);
  for (guint i = walk->depth; i > 0; i--)
    if (walk->open[i - 1].profile != NULL)
      return g_strconcat (walk->open[i - 1].profile->name, "//", own, NULL);
  return g_steal_pointer (&own);
}

static gboolean
open_body (Walk *walk, const AakStatement *header, GError **error)
{
  if (walk->depth == MAX_DEPTH || walk->outline->profiles->len == MAX_PROFILES
      || header->name_size > MAX_NAME)
    return aak_policy_lexer_fail (
        &walk->lexer, header->start, error,
        "more profiles, more of them in each other, or a longer name than "
        "is supported");
  Body *body = &walk->open[walk->depth];
  *body = (Body){ .start = header->start };
  if (header->kind != AAK_STATEMENT_GROUP)
    {
      body->profile = g_new0 (AakOutlineProfile, 1);
      body->profile->name = full_name (walk, header);
      body->profile->start = header->start;
      body->profile->open = header->end - 1;
      g_ptr_array_add (walk->outline->profiles, body->profile);
    }
  walk->depth++;
  return TRUE;
}

static gboolean
close_body (Walk *walk, const AakStatement *brace, GError **error)
{
  if (walk->depth == 0)
    return aak_policy_lexer_fail (&walk->lexer, brace->start, error, "a } that closes nothing");
  AakOutlineProfile *profile = walk->open[--walk->depth].profile;
  if (profile == NULL)
    return TRUE;
  profile->close = brace->start;
  if (profile->begin != 0 && profile->end == 0)
    return aak_policy_lexer_fail (&walk->lexer, profile->begin, error,
                                  "a learned block without its last line (\"" AAK_LEARNED_END
                                  "\")");
  return TRUE;
}

/* --- the learned block ----------------------------------------------------------------------- */

static gboolean
is_mark (const Walk *walk, const AakStatement *comment, const char *mark)
{
  gsize len = comment->end - comment->start;
  while (len > 0 && g_ascii_isspace (walk->lexer.text[comment->start + len - 1]))
    len--;
  return len == strlen (mark) && memcmp (walk->lexer.text + comment->start, mark, len) == 0;
}

/* TRUE where nothing but blanks stands before @at on its line; *@out_start: of the line. */
static gboolean
is_first_on_line (const Walk *walk, gsize at, gsize *out_start)
{
  const char *text = walk->lexer.text;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
    at--;
  *out_start = at;
  return at > 0 && text[at - 1] == '\n';
}

static gboolean
note_mark (Walk *walk, const AakStatement *comment, GError **error)
{
  gboolean begins = is_mark (walk, comment, AAK_LEARNED_BEGIN);
  if (!begins && !is_mark (walk, comment, AAK_LEARNED_END))
    return TRUE;
  AakOutlineProfile *in = walk->depth > 0 ? walk->open[walk->depth - 1].profile : NULL;
  gsize line = 0;
  gsize after = MIN (comment->end + 1, walk->lexer.len); /* behind the newline */
  gboolean ordered = in != NULL && in->end == 0 && (in->begin == 0) == begins;
  if (!ordered || !is_first_on_line (walk, comment->start, &line))
    return aak_policy_lexer_fail (&walk->lexer, comment->start, error,
                                  "a mark of a learned block where none can be: a profile has one "
                                  "block, directly in its body, whose marks have lines of their "
                                  "own");
  if (begins)
    in->begin = line;
  else
    in->end = after;
  return TRUE;
}

/* --- the whole ------------------------------------------------------------------------------- */

static gboolean
take (Walk *walk, const AakStatement *statement, GError **error)
{
  switch (statement->kind)
    {
    case AAK_STATEMENT_PROFILE:
    case AAK_STATEMENT_HAT:
    case AAK_STATEMENT_GROUP:
      return open_body (walk, statement, error);
    case AAK_STATEMENT_CLOSE:
      return close_body (walk, statement, error);
    case AAK_STATEMENT_COMMENT:
      return note_mark (walk, statement, error);
    case AAK_STATEMENT_END:
      return walk->depth == 0
             || aak_policy_lexer_fail (&walk->lexer, walk->open[walk->depth - 1].start, error,
                                       "what begins here is not closed");
    case AAK_STATEMENT_RULE:
      return TRUE;
    }
  return TRUE;
}

AakOutline *
aak_outline_new (const char *what, const char *text, gsize len, GError **error)
{
  g_autoptr (AakOutline) outline = g_new0 (AakOutline, 1);
  *outline = (AakOutline){ what, text, len, g_ptr_array_new_with_free_func (profile_free) };
  Walk walk = { .lexer = { what, text, len, 0 }, .outline = outline };
  AakStatement statement;
  const char *nul = len > 0 ? memchr (text, '\0', len) : NULL;
  if (nul != NULL)
    {
      aak_policy_lexer_fail (&walk.lexer, (gsize) (nul - text), error, "a NUL is no policy text");
      return NULL;
    }
  do
    if (!aak_policy_lexer_next (&walk.lexer, &statement, error) || !take (&walk, &statement, error))
      return NULL;
  while (statement.kind != AAK_STATEMENT_END);
  return g_steal_pointer (&outline);
}

GPtrArray *
aak_outline_profiles (const AakOutline *outline)
{
  return outline->profiles;
}

static gboolean
set_not_found (const AakOutline *outline, const char *label, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < MIN (outline->profiles->len, NAMES_SHOWN); i++)
    {
      const AakOutlineProfile *profile = outline->profiles->pdata[i];
      g_autofree char *name = aak_escape (profile->name, strlen (profile->name));
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
    }
  g_autofree char *shown = aak_escape (label, strlen (label));
  const AakPolicyLexer lexer = { outline->what, outline->text, outline->len, 0 };
  return aak_policy_lexer_fail (&lexer, 0, error,
                                "no profile \"%s\" in this text itself, but %s%s: if it stands in "
                                "a file that this one includes, name that one",
                                shown, names->len > 0 ? names->str : "none",
                                outline->profiles->len > NAMES_SHOWN ? ", ..." : "");
}

const AakOutlineProfile *
aak_outline_find (const AakOutline *outline, const char *label, GError **error)
{
  const AakOutlineProfile *found = NULL;
  for (guint i = 0; i < outline->profiles->len; i++)
    {
      const AakOutlineProfile *profile = outline->profiles->pdata[i];
      if (strcmp (profile->name, label) != 0)
        continue;
      if (found != NULL)
        {
          const AakPolicyLexer lexer = { outline->what, outline->text, outline->len, 0 };
          aak_policy_lexer_fail (&lexer, profile->start, error, "a second profile \"%s\"", label);
          return NULL;
        }
      found = profile;
    }
  if (found == NULL)
    set_not_found (outline, label, error);
  return found;
}
