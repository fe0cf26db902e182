/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Statements of policy text. */
#include "config.h"

#include "lib/policy/lexer.h"

#include "lib/error.h"
#include "lib/policy/word.h"

#include <string.h>

/* A statement that is being read. */
typedef struct
{
  AakPolicyLexer *lexer;
  AakStatement *out;
  gsize at;
  guint words;         /* read so far */
  gboolean opens;      /* a { may follow: a header, an if, or nothing but qualifiers */
  gboolean named;      /* the header's name was read, or it has none and any words may follow */
  gboolean conditions; /* of a class whose words may begin with { */
  gboolean arrow;      /* the last word was -> */
} Reading;

gboolean
aak_policy_lexer_fail (const AakPolicyLexer *lexer, gsize offset, GError **error,
                       const char *format, ...)
{
  guint line = 1, column = 1;
  for (gsize i = 0; i < MIN (offset, lexer->len); i++)
    {
      column = lexer->text[i] == '\n' ? 1 : column + 1;
      line += lexer->text[i] == '\n';
    }
  va_list args;
  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%u:%u: %s", lexer->what, line, column, why);
  return FALSE;
}

static char
byte_at (const AakPolicyLexer *lexer, gsize at)
{
  return at < lexer->len ? lexer->text[at] : '\0';
}

static gboolean
is_word (const AakPolicyLexer *lexer, gsize at, gsize end, const char *word)
{
  return end - at == strlen (word) && memcmp (lexer->text + at, word, end - at) == 0;
}

static gboolean
is_one_of (const AakPolicyLexer *lexer, gsize at, gsize end, const char *const *words)
{
  for (; *words != NULL; words++)
    if (is_word (lexer, at, end, *words))
      return TRUE;
  return FALSE;
}

static gsize
line_end (const AakPolicyLexer *lexer, gsize at)
{
  const char *newline = memchr (lexer->text + at, '\n', lexer->len - at);
  return newline != NULL ? (gsize) (newline - lexer->text) : lexer->len;
}

/* --- statements without a comma -------------------------------------------------------------- */

/* include [if exists] <FILE> | "FILE" | FILE */
static gboolean
read_include (Reading *r, gsize name, GError **error)
{
  AakPolicyLexer *lexer = r->lexer;
  gsize newline = line_end (lexer, name), end = newline;
  gboolean ok = TRUE;
  if (byte_at (lexer, name) == '<')
    {
      const char *close = memchr (lexer->text + name, '>', newline - name);
      end = close != NULL ? (gsize) (close - lexer->text) + 1 : newline;
      ok = close != NULL && memchr (lexer->text + name, '"', end - name) == NULL;
    }
  else if (!aak_policy_word_value (lexer, name, &end, error))
    return FALSE;
  if (!ok || end > newline || memchr (lexer->text + name, '\0', end - name) != NULL)
    return aak_policy_lexer_fail (lexer, r->at, error, "an include of a form that is not known");
  r->out->kind = AAK_STATEMENT_RULE;
  r->at = end;
  return TRUE;
}

/* The values of a variable end with the line, unless a backslash stands alone before its end. */
static gboolean
read_values (Reading *r, gsize at, GError **error)
{
  AakPolicyLexer *lexer = r->lexer;
  for (;;)
    {
      at = aak_policy_word_skip (lexer, at, " \t\r");
      char c = byte_at (lexer, at);
      if (at >= lexer->len || c == '\n' || c == '#')
        break;
      if (c == '\\' && byte_at (lexer, at + 1) == '\n')
        at += 2;
      else if (!aak_policy_word_value (lexer, at, &at, error))
        return FALSE;
    }
  r->out->kind = AAK_STATEMENT_RULE;
  r->at = at;
  return TRUE;
}

/* --- words ----------------------------------------------------------------------------------- */

static const char *const qualifiers[] = { "audit", "deny",   "allow",  "owner", "other",
                                          "quiet", "prompt", "access", NULL };
static const char *const classes[] = { "network", "change_profile", "mount",    "remount",
                                       "umount",  "dbus",           "signal",   "ptrace",
                                       "unix",    "mqueue",         "io_uring", NULL };

static void
set_name (Reading *r, gsize at, gsize end)
{
  gboolean quoted = byte_at (r->lexer, at) == '"';
  r->out->name_at = at + quoted;
  r->out->name_size = end - at - 2 * (gsize) quoted;
  r->named = TRUE;
}

/* What the first word says of the statement. */
static void
begin_statement (Reading *r, gsize at, gsize end)
{
  static const char *const conditions[] = { "if", "else", NULL };
  AakStatement *out = r->out;
  char first = byte_at (r->lexer, at);
  r->opens = TRUE;
  if (is_word (r->lexer, at, end, "profile"))
    out->kind = AAK_STATEMENT_PROFILE;
  else if (is_word (r->lexer, at, end, "hat"))
    out->kind = AAK_STATEMENT_HAT;
  else if (first == '^')
    {
      out->kind = AAK_STATEMENT_HAT;
      set_name (r, at + 1, end);
    }
  else if (first != '\0' && strchr ("/@\":", first) != NULL)
    {
      out->kind = AAK_STATEMENT_PROFILE;
      set_name (r, at, end);
    }
  else
    {
      out->kind = AAK_STATEMENT_GROUP;
      r->opens =
          is_one_of (r->lexer, at, end, conditions) || is_one_of (r->lexer, at, end, qualifiers);
      r->named = is_one_of (r->lexer, at, end, conditions);
    }
}

/* A word that is not the first. */
static void
go_on (Reading *r, gsize at, gsize end)
{
  if (r->out->kind == AAK_STATEMENT_GROUP)
    r->opens = r->opens && (r->named || is_one_of (r->lexer, at, end, qualifiers));
  else if (!r->named)
    set_name (r, at, end);
}

static gboolean
take_word (Reading *r, GError **error)
{
  gsize at = r->at, end = at;
  /* What follows these is a name, whatever it looks like. */
  gboolean name = r->words == 1 && r->out->kind != AAK_STATEMENT_GROUP && !r->named;
  gboolean ok = name || r->arrow || byte_at (r->lexer, at) == '{'
                    ? aak_policy_word_value (r->lexer, at, &end, error)
                    : aak_policy_word_next (r->lexer, at, &end, error);
  if (!ok)
    return FALSE;
  if (r->words++ == 0)
    begin_statement (r, at, end);
  else
    go_on (r, at, end);
  r->conditions = r->conditions || is_one_of (r->lexer, at, end, classes);
  r->arrow = is_word (r->lexer, at, end, "->");
  r->at = end;
  return TRUE;
}

/* --- the statement --------------------------------------------------------------------------- */

static gboolean
end_with_comma (Reading *r, GError **error)
{
  if (r->words == 0)
    return aak_policy_lexer_fail (r->lexer, r->at, error, "a comma that ends nothing");
  r->out->kind = AAK_STATEMENT_RULE;
  r->at++;
  return TRUE;
}

static gboolean
end_with_brace (Reading *r, GError **error)
{
  if (!r->opens || r->words == 0
      || (r->out->kind != AAK_STATEMENT_GROUP && (!r->named || r->out->name_size == 0)))
    return aak_policy_lexer_fail (r->lexer, r->at, error,
                                  "a { where no profile, hat or condition begins");
  r->at++;
  return TRUE;
}

/* Reads from the first word on; sets *@out_done at the statement's end. */
static gboolean
read_part (Reading *r, gboolean *out_done, GError **error)
{
  AakPolicyLexer *lexer = r->lexer;
  char c = byte_at (lexer, r->at);
  *out_done = TRUE;
  if (r->at == lexer->len)
    return aak_policy_lexer_fail (lexer, r->out->start, error, "what begins here has no end");
  if (c == ',')
    return end_with_comma (r, error);
  if (c == '{' && !r->conditions && !r->arrow)
    return end_with_brace (r, error);
  if (c == '}')
    return aak_policy_lexer_fail (lexer, r->at, error, "a } within a rule: a comma is missing");
  *out_done = FALSE;
  if (c == '#' && aak_policy_word_include (lexer, r->at) != 0)
    return aak_policy_lexer_fail (lexer, r->at, error, "an include within a rule");
  if (c == '#')
    {
      r->at = line_end (lexer, r->at);
      return TRUE;
    }
  return take_word (r, error);
}

/* A rule, or what opens a body. */
static gboolean
read_words (Reading *r, GError **error)
{
  gboolean done = FALSE;
  while (!done)
    {
      r->at = aak_policy_word_skip (r->lexer, r->at, " \t\r\n");
      if (!read_part (r, &done, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_statement (Reading *r, GError **error)
{
  AakPolicyLexer *lexer = r->lexer;
  gsize include = aak_policy_word_include (lexer, r->at), values = 0;
  char c = byte_at (lexer, r->at);
  if (include != 0)
    return read_include (r, include, error);
  if (aak_policy_word_assigns (lexer, r->at, &values))
    return read_values (r, values, error);
  if (r->at < lexer->len && c != '#' && c != '}')
    return read_words (r, error);
  r->out->kind = r->at == lexer->len ? AAK_STATEMENT_END
                 : c == '#'          ? AAK_STATEMENT_COMMENT
                                     : AAK_STATEMENT_CLOSE;
  r->at = c == '#' ? line_end (lexer, r->at) : r->at + (c == '}');
  return TRUE;
}

gboolean
aak_policy_lexer_next (AakPolicyLexer *lexer, AakStatement *out, GError **error)
{
  AakStatement statement = { .start = aak_policy_word_skip (lexer, lexer->at, " \t\r\n") };
  Reading r = { .lexer = lexer, .out = &statement, .at = statement.start };
  if (!read_statement (&r, error))
    return FALSE;
  statement.end = lexer->at = r.at;
  *out = statement;
  return TRUE;
}
