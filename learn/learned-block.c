/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads, joins and writes a learned block. */
#include "config.h"

#include "learn/learned-block.h"

#include "lib/policy/lexer.h"

#include <string.h>

static const char review_head[] =
    "# review: seen, and not allowed, since no ordinary workload needs it. --allow ID allows those "
    "that are marked [ID].";

/* The block as a map from what a line says, without why, to the line. */
typedef struct
{
  GTree *lines;

} Block;

static void
block_clear (Block *block)
{
  g_tree_unref (block->lines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Block, block_clear)

/* Rules, then those that wait for review, then other comments. */
static int
rank (const char *key)
{
  if (*key != '#')
    return 0;
  return key[1] == ' ' || key[1] == '\0' ? 2 : 1;
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer unused)
{
  (void) unused;
  return rank (a) != rank (b) ? rank (a) - rank (b) : strcmp (a, b);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* An include or a variable has no comma. */
static gboolean
is_rule (const AakPolicyLexer *lexer, const AakStatement *statement)
{
  return statement->kind == AAK_STATEMENT_RULE && lexer->text[statement->end - 1] == ',';
}

/* What @line says: its rules, without the comment behind them. */
static char *
line_key (const char *line)
{
  gsize skip = *line == '#', end = 0;
  AakPolicyLexer lexer = { "", line + skip, strlen (line + skip), 0 };
  AakStatement statement;
  while (rank (line) < 2 && aak_policy_lexer_next (&lexer, &statement, NULL)
         && is_rule (&lexer, &statement))
    end = skip + statement.end;
  return g_strndup (line, end > 0 ? end : strlen (line));
}

/* Adds @line; what is there stays, unless it waits for review, which is told anew. */
static void
add_line (Block *block, const char *line)
{
  g_autofree char *key = line_key (line);
  g_autofree char *review = g_strconcat ("#", key, NULL);
  g_autofree char *plain = g_strdup (rank (key) == 1 ? key + 1 : "");
  if (g_tree_lookup (block->lines, plain) != NULL
      || (rank (key) == 0 && g_tree_lookup (block->lines, key) != NULL))
    return;
  g_tree_remove (block->lines, review);
  g_tree_replace (block->lines, g_steal_pointer (&key), g_strdup (line));
}

/* --- reading --------------------------------------------------------------------------------- */

/* Goes on behind all that stands on the line of @first, which may be rules and then a comment. */
static gboolean
skip_line (AakPolicyLexer *lexer, const AakStatement *first, gsize newline, GError **error)
{
  AakStatement statement = *first;
  while (statement.start < newline && statement.kind != AAK_STATEMENT_COMMENT)
    {
      if (!is_rule (lexer, &statement) || statement.end > newline)
        return aak_policy_lexer_fail (lexer, statement.start, error,
                                      "a learned block has rules and comments that end on their "
                                      "line: put what is more outside of its marks");
      if (!aak_policy_lexer_next (lexer, &statement, error))
        return FALSE;
    }
  lexer->at = newline;
  return TRUE;
}

/* The line of @first. */
static gboolean
take_line (Block *block, AakPolicyLexer *lexer, const AakStatement *first, GError **error)
{
  const char *from = lexer->text + first->start;
  gsize rest = lexer->len - first->start;
  const char *newline = memchr (from, '\n', rest);
  gsize len = newline != NULL ? (gsize) (newline - from) : rest;
  if (!skip_line (lexer, first, first->start + len, error))
    return FALSE;
  g_autofree char *line = g_strndup (from, len);
  g_strchomp (line);
  if (strcmp (line, AAK_LEARNED_BEGIN) != 0 && strcmp (line, AAK_LEARNED_END) != 0
      && strcmp (line, review_head) != 0)
    add_line (block, line);
  return TRUE;
}

static gboolean
read_block (Block *block, const AakLearnedPlace *place, GError **error)
{
  const AakOutlineProfile *profile = place->profile;
  AakPolicyLexer lexer = { place->what, place->text, place->len, profile->begin };
  while (profile->begin != 0)
    {
      AakStatement statement;
      if (!aak_policy_lexer_next (&lexer, &statement, error))
        return FALSE;
      if (statement.start >= profile->end)
        return TRUE;
      if (!take_line (block, &lexer, &statement, error))
        return FALSE;
    }
  return TRUE;
}

/* --- writing --------------------------------------------------------------------------------- */

/* The blanks that the line of the profile's closing brace begins with. *@out_alone: nothing else
 * stands before the brace. */
static char *
indentation (const AakLearnedPlace *place, gboolean *out_alone)
{
  gsize at = place->profile->close;
  while (at > 0 && place->text[at - 1] != '\n')
    at--;
  gsize blanks = 0;
  while (place->text[at + blanks] == ' ' || place->text[at + blanks] == '\t')
    blanks++;
  *out_alone = at + blanks == place->profile->close;
  return g_strndup (place->text + at, *out_alone ? blanks : 0);
}

typedef struct
{
  GString *out;
  const char *indent;
  gboolean review; /* its head was written */
} Writing;

static void
write_line (Writing *writing, const char *line)
{
  g_string_append_printf (writing->out, "%s  %s\n", writing->indent, line);
}

static gboolean
write_entry (gpointer key, gpointer value, gpointer data)
{
  Writing *writing = data;
  if (rank (key) == 1 && !writing->review)
    {
      write_line (writing, review_head);
      writing->review = TRUE;
    }
  write_line (writing, value);
  return FALSE;
}

char *
aak_learned_block_join (const AakLearnedPlace *place, GPtrArray *lines, gsize *out_len,
                        GError **error)
{
  const AakOutlineProfile *profile = place->profile;
  g_auto (Block) block = { g_tree_new_full (compare_keys, NULL, g_free, g_free) };
  if (!read_block (&block, place, error))
    return NULL;
  for (guint i = 0; i < lines->len; i++)
    add_line (&block, g_ptr_array_index (lines, i));

  gboolean alone = FALSE;
  g_autofree char *indent = indentation (place, &alone);
  gboolean there = profile->begin != 0;
  gsize before = there ? profile->begin : profile->close - strlen (indent);
  gsize after = there ? profile->end : before;
  GString *out = g_string_new_len (place->text, (gssize) before);
  Writing writing = { out, indent };
  if (!there && !alone)
    g_string_append_c (out, '\n');
  write_line (&writing, AAK_LEARNED_BEGIN);
  g_tree_foreach (block.lines, write_entry, &writing);
  write_line (&writing, AAK_LEARNED_END);
  g_string_append_len (out, place->text + after, (gssize) (place->len - after));
  *out_len = out->len;
  return g_string_free (out, FALSE);
}
