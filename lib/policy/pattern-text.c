/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writes patterns. */
#include "config.h"

#include "lib/policy/pattern-text.h"

#include <string.h>

typedef struct
{
  const AakPolicyGroups *groups;
  const GArray *pattern;
  guint from, end;
  GString *text;
} Writer;

static void
add_byte (GString *text, guint8 c, const char *special)
{
  if (strchr (special, c) != NULL && c != '\0')
    g_string_append_printf (text, "\\%c", c);
  else if (g_ascii_isgraph (c) && c != '"')
    g_string_append_c (text, (char) c);
  else
    g_string_append_printf (text, "\\%03o", c);
}

/* --- one byte -------------------------------------------------------------------------------- */

static gboolean
is_set (const AakPolicyPiece *piece, AakPolicyGroupSet set)
{
  return aak_policy_group_set_equal (&piece->set, &set);
}

/* The bytes of @has, as ranges. */
static void
add_ranges (GString *text, const guint8 has[256])
{
  for (guint c = 1; c < 256; c++)
    {
      guint last = c;
      if (!has[c])
        continue;
      while (last < 255 && has[last + 1])
        last++;
      add_byte (text, (guint8) c, "]^-\\[,{}");
      if (last > c + 1)
        g_string_append_c (text, '-');
      if (last > c)
        add_byte (text, (guint8) last, "]^-\\[,{}");
      c = last;
    }
}

static void
add_set (const Writer *w, const AakPolicyPiece *piece)
{
  guint8 has[256] = { 0 };
  guint n = 0, last = 0;
  for (guint c = 0; c < 256; c++)
    if (aak_policy_group_set_has (&piece->set, w->groups->of[c]))
      {
        has[c] = TRUE;
        last = c;
        n++;
      }
  if (n == 1)
    {
      add_byte (w->text, (guint8) last, "*?[]{}^\\,@#=");
      return;
    }
  gboolean most = n > 128;
  for (guint c = 0; c < 256 && most; c++)
    has[c] = !has[c];
  g_string_append (w->text, most ? "[^" : "[");
  add_ranges (w->text, has);
  g_string_append_c (w->text, ']');
}

/* --- stars ----------------------------------------------------------------------------------- */

static gboolean
is_slash (const Writer *w, guint i)
{
  return aak_policy_piece_is (aak_policy_pattern_at (w->pattern, i), w->groups->slash);
}

/* TRUE where a component of a path begins at @i: there a star stands for one byte at least. A label
 * is one component. */
static gboolean
begins (const Writer *w, guint i)
{
  return i == w->from || is_slash (w, i - 1);
}

static gboolean
ends (const Writer *w, guint i)
{
  return i == w->end || is_slash (w, i);
}

static const char *
star_of (const Writer *w, const AakPolicyPiece *piece)
{
  return aak_policy_group_set_has (&piece->set, w->groups->slash) ? "**" : "*";
}

/* TRUE where a byte and a star at @i are what a star alone means there. */
static gboolean
is_whole (const Writer *w, guint i)
{
  if (i + 1 >= w->end || !begins (w, i) || !ends (w, i + 2)
      || aak_policy_pattern_at (w->pattern, i + 1)->kind != AAK_PIECE_MANY)
    return FALSE;
  const AakPolicyPiece *one = aak_policy_pattern_at (w->pattern, i);
  return is_set (one, aak_policy_groups_no_slash (w->groups))
         || (i == w->from && is_set (one, aak_policy_groups_any (w->groups)));
}

static guint
add_piece (const Writer *w, guint i)
{
  const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, i);
  if (piece->kind == AAK_PIECE_MANY)
    {
      /* In the middle of a path it is not empty, since no name has two slashes in a row. */
      gboolean empty = begins (w, i) && i + 1 == w->end;
      g_string_append_printf (w->text, empty ? "{,%s}" : "%s", star_of (w, piece));
    }
  else if (piece->kind == AAK_PIECE_ONE && is_whole (w, i))
    {
      g_string_append (w->text, star_of (w, aak_policy_pattern_at (w->pattern, i + 1)));
      return 2;
    }
  else
    {
      const gboolean maybe = piece->kind == AAK_PIECE_MAYBE;
      g_string_append (w->text, maybe ? "{," : "");
      if (is_set (piece, aak_policy_groups_no_slash (w->groups)))
        g_string_append_c (w->text, '?');
      else
        add_set (w, piece);
      g_string_append (w->text, maybe ? "}" : "");
    }
  return 1;
}

char *
aak_policy_pattern_text (const AakPolicyGroups *groups, const GArray *pattern, guint from, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const Writer w = { groups, pattern, from, from + n, text };
  for (guint i = from; i < from + n;)
    i += add_piece (&w, i);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
aak_policy_pattern_is_any (const AakPolicyGroups *groups, const GArray *pattern, guint from,
                           guint n)
{
  AakPolicyGroupSet any = aak_policy_groups_any (groups);
  gboolean one = n == 2 && aak_policy_pattern_at (pattern, from)->kind == AAK_PIECE_ONE
                 && is_set (aak_policy_pattern_at (pattern, from), any);
  const AakPolicyPiece *last = n > 0 ? aak_policy_pattern_at (pattern, from + n - 1) : NULL;
  return last != NULL && (n == 1 || one) && last->kind == AAK_PIECE_MANY && is_set (last, any);
}
