/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Words of policy text. */
#include "config.h"

#include "lib/policy/word.h"

#include <string.h>

static char
byte_at (const AakPolicyLexer *lexer, gsize at)
{
  return at < lexer->len ? lexer->text[at] : '\0';
}

static gboolean
is_among (char c, const char *set)
{
  return c != '\0' && strchr (set, c) != NULL;
}

gsize
aak_policy_word_skip (const AakPolicyLexer *lexer, gsize at, const char *space)
{
  while (is_among (byte_at (lexer, at), space))
    at++;
  return at;
}

static gsize
skip_name (const AakPolicyLexer *lexer, gsize at)
{
  while (g_ascii_isalnum (byte_at (lexer, at)) || byte_at (lexer, at) == '_')
    at++;
  return at;
}

/* --- quotes and lists ------------------------------------------------------------------------ */

/* The parser's scanner takes the longest match: a quote behind a backslash never ends the text. */
static gboolean
quoted_end (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  for (gsize i = at + 1; i < lexer->len && lexer->text[i] != '\0'; i++)
    if (lexer->text[i] == '"' && lexer->text[i - 1] != '\\')
      {
        *out_end = i + 1;
        return TRUE;
      }
  return aak_policy_lexer_fail (lexer, at, error, "a quoted text without end");
}

static gboolean
list_end (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  guint depth = 0;
  for (gsize i = at; i < lexer->len && lexer->text[i] != '\0';)
    {
      char c = lexer->text[i];
      if (c == '"')
        {
          if (!quoted_end (lexer, i, &i, error))
            return FALSE;
          continue;
        }
      depth = c == '(' ? depth + 1 : c == ')' ? depth - 1 : depth;
      i += c == '\\' ? 2 : 1;
      if (depth > 0)
        continue;
      *out_end = i;
      return TRUE;
    }
  return aak_policy_lexer_fail (lexer, at, error, "a list without its )");
}

/* --- words ----------------------------------------------------------------------------------- */

/* Ends no word by itself. */
static gboolean
is_inner (char c)
{
  return c != '\0' && !is_among (c, " \t\r\n\"!,");
}

gboolean
aak_policy_word_value (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  if (byte_at (lexer, at) == '"')
    return quoted_end (lexer, at, out_end, error);
  gsize i = at;
  for (;;)
    {
      char c = byte_at (lexer, i), next = byte_at (lexer, i + 1);
      if (c == '\\' && is_among (next, " \t\"!,"))
        i += 2;
      else if (c == ',' && next == '\\')
        return aak_policy_lexer_fail (lexer, i, error,
                                      "a comma and a backslash: it cannot be told whether the rule "
                                      "ends here; put a blank between them, or quotes around all");
      else if (is_inner (c) || (c == ',' && i > at && is_inner (next)))
        i++;
      else
        break;
    }
  if (i == at)
    return aak_policy_lexer_fail (lexer, at, error, "a name or a value is missing");
  *out_end = i;
  return TRUE;
}

/* A keyword or permissions, or the key of a condition, and then its value, too. */
static gboolean
keyword_end (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  gsize end = skip_name (lexer, at);
  gsize equals = aak_policy_word_skip (lexer, end, " \t");
  if (byte_at (lexer, equals) != '=' || byte_at (lexer, equals + 1) == '=')
    {
      *out_end = end;
      return TRUE;
    }
  gsize value = aak_policy_word_skip (lexer, equals + 1, " \t");
  return byte_at (lexer, value) == '(' ? list_end (lexer, value, out_end, error)
                                       : aak_policy_word_value (lexer, value, out_end, error);
}

/* Numbers, operators. */
static gboolean
other_end (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  gsize end = at;
  while (is_inner (byte_at (lexer, end)) && !is_among (byte_at (lexer, end), "(){}"))
    end++;
  if (end == at)
    return aak_policy_lexer_fail (lexer, at, error, "a byte that begins no word of a rule");
  if (byte_at (lexer, end) == ',' && is_inner (byte_at (lexer, end + 1)))
    return aak_policy_lexer_fail (lexer, end, error,
                                  "it cannot be told whether the rule ends with this comma: put a "
                                  "blank behind it");
  *out_end = end;
  return TRUE;
}

gboolean
aak_policy_word_next (const AakPolicyLexer *lexer, gsize at, gsize *out_end, GError **error)
{
  char c = byte_at (lexer, at);
  if (is_among (c, "\"/@$:&^"))
    return aak_policy_word_value (lexer, at, out_end, error);
  if (c == '(')
    return list_end (lexer, at, out_end, error);
  if (g_ascii_isalpha (c))
    return keyword_end (lexer, at, out_end, error);
  if (c == '-' && byte_at (lexer, at + 1) == '>')
    {
      *out_end = at + 2;
      return TRUE;
    }
  return other_end (lexer, at, out_end, error);
}

/* --- statements without a comma -------------------------------------------------------------- */

gboolean
aak_policy_word_assigns (const AakPolicyLexer *lexer, gsize at, gsize *out_values)
{
  if (!is_among (byte_at (lexer, at), "@$"))
    return FALSE;
  gboolean braced = byte_at (lexer, at + 1) == '{';
  gsize end = skip_name (lexer, at + 1 + braced);
  if (braced && byte_at (lexer, end++) != '}')
    return FALSE;
  gsize sign = aak_policy_word_skip (lexer, end, " \t");
  sign += is_among (byte_at (lexer, sign), "+?:");
  *out_values = sign + 1;
  return byte_at (lexer, sign) == '=';
}

static gboolean
has_word (const AakPolicyLexer *lexer, gsize at, const char *word)
{
  gsize len = strlen (word);
  return at < lexer->len && lexer->len - at >= len && memcmp (lexer->text + at, word, len) == 0;
}

gsize
aak_policy_word_include (const AakPolicyLexer *lexer, gsize at)
{
  static const char word[] = "include", blanks[] = " \t";
  gboolean hash = byte_at (lexer, at) == '#';
  gsize end = at + hash + strlen (word);
  if (!has_word (lexer, at + hash, word) || (!hash && !is_among (byte_at (lexer, end), blanks)))
    return 0;
  gsize name = aak_policy_word_skip (lexer, end, blanks);
  gsize exists = has_word (lexer, name, "if") ? aak_policy_word_skip (lexer, name + 2, blanks) : 0;
  if (exists > name + 2 && has_word (lexer, exists, "exists")
      && is_among (byte_at (lexer, exists + 6), blanks))
    name = aak_policy_word_skip (lexer, exists + 6, blanks);
  return name;
}
