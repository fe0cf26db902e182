/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From what a message quotes to line and column. */
#include "config.h"

#include "lib/message-place.h"

#include "lib/escape.h"
#include "lib/policy/lexer.h"

#include <string.h>

#define SHOWN_MAX    160 /* bytes of a line */
#define SHOWN_BEFORE 60  /* of them before the place, in a longer one */

/* Bytes of a text. */
typedef struct
{
  const char *data;
  gsize len;
} Span;

static Span
span_of (GBytes *text)
{
  Span span = { NULL, 0 };
  span.data = g_bytes_get_data (text, &span.len);
  if (span.len == 0)
    span.data = ""; /* not NULL: places in it are compared */
  return span;
}

/* --- what the message quotes ----------------------------------------------------------------- */

/* How apparmor_parser's messages quote the text (parser_yacc.y, parser_lex.l, parser_misc.c,
 * parser_regex.c, parser_merge.c, parser_variable.c, parser_symtab.c). */
static const char *const quotes[] = {
  "merged rule (?<token>.+) with conflicting",
  "reference to variable (?<name>\\w+)",
  "(?<token>@\\{\\w+\\})",
  "'(?<token>[^']+)'",
  "Invalid capability (?<token>\\w+)",
  "Invalid profile flag: (?<token>\\w+)",
  "\\(entry: (?<token>.+)\\)$",
};

/* The names of the grammar for what is one sign. */
static const struct
{
  const char *message;
  const char *sign;
} signs[] = {
  { "unexpected TOK_OPENPAREN", "(" },   { "unexpected TOK_CLOSEPAREN", ")" },
  { "unexpected TOK_OPEN,", "{" },       { "unexpected TOK_CLOSE,", "}" },
  { "unexpected TOK_END_OF_RULE", "," }, { "unexpected TOK_ARROW", "->" },
  { "unexpected TOK_EQUALS", "=" },
};

/* What @what quotes of the text, or NULL. */
static char *
find_token (const char *what)
{
  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (quotes[i], G_REGEX_RAW | G_REGEX_DUPNAMES, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;
      if (!g_regex_match (regex, what, 0, &match))
        continue;
      g_autofree char *name = g_match_info_fetch_named (match, "name");
      return name != NULL && *name != '\0' ? g_strdup_printf ("@{%s}", name)
                                           : g_match_info_fetch_named (match, "token");
    }
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (what, signs[i].message) != NULL)
      return g_strdup (signs[i].sign);
  return NULL;
}

/* --- searching ------------------------------------------------------------------------------- */

static gboolean
is_name_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.';
}

/* A word is not found inside of a longer one; a sign is found everywhere. */
static gboolean
is_apart (Span span, gsize at, gsize len)
{
  gboolean left = is_name_byte (span.data[at]) && at > 0 && is_name_byte (span.data[at - 1]);
  gboolean right = is_name_byte (span.data[at + len - 1]) && at + len < span.len
                   && is_name_byte (span.data[at + len]);
  return !left && !right;
}

/* Where @token is in @span, as long as it is there exactly once. */
static gboolean
find_once (Span span, const char *token, gsize *out_at)
{
  gsize len = strlen (token), found = 0;
  guint count = 0;
  if (len == 0)
    return FALSE;
  for (gsize at = 0; count < 2 && at < span.len;)
    {
      const char *next = memmem (span.data + at, span.len - at, token, len);
      if (next == NULL)
        break;
      gsize here = (gsize) (next - span.data);
      if (is_apart (span, here, len))
        {
          found = here;
          count++;
        }
      at = here + len;
    }
  if (count != 1)
    return FALSE;
  *out_at = found;
  return TRUE;
}

/* The last profile of the name that @what tells of: of several the last one is too many. */
static gboolean
find_profile (Span text, const char *what, gsize *out_at, gsize *out_len)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("\\bprofile (\\S+?)(?:,|:| exist| \\(|$)", G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  if (!g_regex_match (regex, what, 0, &match))
    return FALSE;
  g_autofree char *full = g_match_info_fetch (match, 1);
  const char *child = g_strrstr (full, "//");
  const char *name = child != NULL && child[2] != '/' ? child + 2 : full;
  AakPolicyLexer lexer = { .what = "", .text = text.data, .len = text.len };
  AakStatement statement = { 0 };
  gboolean found = FALSE;
  while (aak_policy_lexer_next (&lexer, &statement, NULL) && statement.kind != AAK_STATEMENT_END)
    {
      if ((statement.kind != AAK_STATEMENT_PROFILE && statement.kind != AAK_STATEMENT_HAT)
          || statement.name_size != strlen (name)
          || memcmp (text.data + statement.name_at, name, statement.name_size) != 0)
        continue;
      *out_at = statement.name_at;
      *out_len = statement.name_size;
      found = TRUE;
    }
  return found;
}

/* The bytes of line @line without its newline. */
static gboolean
find_line (Span text, guint line, Span *out)
{
  const char *at = text.data, *end = text.data + text.len;
  for (guint i = 1; i < line; i++)
    {
      const char *newline = at < end ? memchr (at, '\n', (gsize) (end - at)) : NULL;
      if (newline == NULL)
        return FALSE;
      at = newline + 1;
    }
  const char *newline = at < end ? memchr (at, '\n', (gsize) (end - at)) : NULL;
  *out = (Span){ at, (gsize) ((newline != NULL ? newline : end) - at) };
  return TRUE;
}

/* The line without blanks, and without a comment that stands behind it. */
static void
trim (Span line, gsize *out_at, gsize *out_len)
{
  gsize at = 0, end = line.len;
  while (at < end && g_ascii_isspace (line.data[at]))
    at++;
  for (gsize i = at + 1; i < end; i++)
    if (line.data[i] == '#' && g_ascii_isspace (line.data[i - 1]))
      end = i;
  while (end > at && g_ascii_isspace (line.data[end - 1]))
    end--;
  *out_at = end > at ? at : 0;
  *out_len = end > at ? end - at : 1;
}

/* A path that is followed by what is no permission: "PATH WORD," and nothing else on the line. */
static gboolean
find_bad_mode (Span line, const char *what, gsize *out_at, gsize *out_len)
{
  if (strstr (what, "unexpected TOK_ID, expecting TOK_MODE") == NULL)
    return FALSE;
  g_autofree char *text = g_strndup (line.len > 0 ? line.data : "", line.len);
  g_autoptr (GRegex) regex = g_regex_new (
      "^\\s*(?:(?:audit|deny|allow|owner)\\s+)*[^\\s,#]+\\s+([^\\s,#]+)\\s*,\\s*(?:#.*)?$",
      G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int start = 0, end = 0;
  if (!g_regex_match (regex, text, 0, &match) || !g_match_info_fetch_pos (match, 1, &start, &end))
    return FALSE;
  *out_at = (gsize) start;
  *out_len = (gsize) (end - start);
  return TRUE;
}

/* The place @at in the text. */
static AakPlace
place_at (Span text, gsize at, gsize len)
{
  AakPlace place = { .line = 1, .column = 1, .width = (guint) len };
  for (gsize i = 0; i < at; i++)
    {
      place.column = text.data[i] == '\n' ? 1 : place.column + 1;
      place.line += text.data[i] == '\n';
    }
  return place;
}

static gboolean
place_anywhere (Span text, const char *token, const char *what, AakPlace *out)
{
  gsize at = 0, len = token != NULL ? strlen (token) : 0;
  if ((token == NULL || !find_once (text, token, &at)) && !find_profile (text, what, &at, &len))
    return FALSE;
  *out = place_at (text, at, len);
  return TRUE;
}

gboolean
aak_message_place (GBytes *text, guint line, const char *what, AakPlace *out)
{
  Span all = span_of (text), here = { NULL, 0 };
  g_autofree char *token = find_token (what);
  if (line == 0)
    return place_anywhere (all, token, what, out);
  if (!find_line (all, line, &here))
    return FALSE;
  gsize at = 0, len = token != NULL ? strlen (token) : 0;
  if ((token == NULL || !find_once (here, token, &at)) && !find_bad_mode (here, what, &at, &len))
    trim (here, &at, &len);
  *out = (AakPlace){ line, (guint) at + 1, (guint) len };
  return TRUE;
}

/* --- showing --------------------------------------------------------------------------------- */

/* @span on one line of a terminal. */
static char *
printable (Span span)
{
  g_autofree char *copy = g_strndup (span.len > 0 ? span.data : "", span.len);
  g_strdelimit (copy, "\t\r", ' ');
  return aak_escape (copy, strlen (copy));
}

char *
aak_message_show (GBytes *text, const AakPlace *place)
{
  Span line = { NULL, 0 };
  gsize at = place->column - 1;
  if (!find_line (span_of (text), place->line, &line) || at > line.len)
    return g_strdup ("");
  gsize from = line.len > SHOWN_MAX && at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
  gsize end = MIN (line.len, from + SHOWN_MAX), last = MIN (at + place->width, end);
  g_autofree char *before = printable ((Span){ line.data + from, at - from });
  g_autofree char *marked = printable ((Span){ line.data + at, last - MIN (at, last) });
  g_autofree char *after = printable ((Span){ line.data + MAX (at, last), end - MAX (at, last) });
  glong blanks = g_utf8_strlen (before, -1), tildes = g_utf8_strlen (marked, -1) - 1;
  g_autofree char *rest = g_strnfill (tildes > 0 ? (gsize) tildes : 0, '~');
  return g_strdup_printf ("  %s%s%s\n  %*s^%s\n", before, marked, after, (int) blanks, "", rest);
}
