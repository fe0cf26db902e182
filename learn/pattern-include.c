/* SPDX-License-Identifier: GPL-2.0-or-later
 * Inclusion of patterns, by following both at once: wherever the inner one may be, the outer one
 * must be able to go along. */
#include "config.h"

#include "learn/pattern-include.h"

#include "learn/path-pattern.h"

#include <string.h>

/* Symbols are bytes and, beyond them, variables by their order of appearance: a variable stands for
 * a text without a slash that is not empty. */
#define MAX_VARIABLES 16
#define N_SYMBOLS     (256 + MAX_VARIABLES)
/* How many places are looked at before the answer is no. */
#define MAX_PLACES 512
#define MAX_STEPS  512 /* of a pattern */

/* What stands at a place of a pattern: one symbol of a set, or any number of them. */
typedef struct
{
  guint8 set[N_SYMBOLS];
  gboolean any_number;
} Step;

typedef struct
{
  GArray *steps;        /* Step */
  GPtrArray *variables; /* their texts, shared by both patterns */
  gboolean inner;       /* what is not sure is taken to match more, and else to match less */
} Pattern;

/* --- reading a pattern ----------------------------------------------------------------------- */

static void
add_step (Pattern *pattern, const Step *step)
{
  g_array_append_vals (pattern->steps, step, 1);
}

static void
add_byte (Pattern *pattern, guchar byte)
{
  Step step = { 0 };
  step.set[byte] = 1;
  add_step (pattern, &step);
}

/* All bytes but NUL and, unless @slash, the slash. */
static void
fill_bytes (Step *step, gboolean slash)
{
  memset (step->set + 1, 1, 255);
  step->set['/'] = slash;
}

/* "*" and "**"; a component that they stand for as a whole is not empty. */
static const char *
add_stars (Pattern *pattern, const char *at, gboolean after_slash)
{
  gsize stars = strspn (at, "*");
  gboolean whole = after_slash && (at[stars] == '/' || at[stars] == '\0');
  Step step = { 0 };
  if (!pattern->inner)
    memset (step.set + 256, 1, MAX_VARIABLES);
  fill_bytes (&step, stars > 1 && pattern->inner);
  if (whole)
    add_step (pattern, &step);
  fill_bytes (&step, stars > 1);
  step.any_number = TRUE;
  add_step (pattern, &step);
  return at + stars;
}

/* "\052" and "\*"; NULL where nothing follows, and for NUL, which no path has. */
static const char *
add_escaped (Pattern *pattern, const char *at)
{
  guchar byte = 0;
  const char *after = aak_path_pattern_take_escape (at, &byte);
  if (after == NULL || byte == '\0')
    return NULL;
  add_byte (pattern, byte);
  return after;
}

/* "[a-z0-9]"; NULL for what is more than that. */
static const char *
add_class (Pattern *pattern, const char *at)
{
  gsize len = strcspn (at, "]");
  Step step = { 0 };
  if (len == 0 || at[len] == '\0' || strcspn (at, "[\\^/") < len)
    return NULL;
  for (gsize i = 0; i < len; i++)
    {
      guchar first = (guchar) at[i], last = first;
      if (i + 2 < len && at[i + 1] == '-')
        {
          last = (guchar) at[i + 2];
          i += 2;
        }
      for (guint c = first; c <= last; c++)
        step.set[c] = 1;
    }
  add_step (pattern, &step);
  return at + len + 1;
}

static const char *
add_variable (Pattern *pattern, const char *at)
{
  gsize len = strcspn (at, "}");
  g_autofree char *name = g_strndup (at, len);
  guint number = 0;
  Step step = { 0 };
  while (number < pattern->variables->len
         && strcmp (g_ptr_array_index (pattern->variables, number), name) != 0)
    number++;
  if (at[len] == '\0' || number >= MAX_VARIABLES)
    return NULL;
  if (number == pattern->variables->len)
    g_ptr_array_add (pattern->variables, g_steal_pointer (&name));
  step.set[256 + number] = 1;
  add_step (pattern, &step);
  return at + len + 1;
}

static const char *
add_plain (Pattern *pattern, const char *at)
{
  Step step = { 0 };
  if (strchr ("{}^]", *at) != NULL)
    return NULL;
  if (*at != '?')
    {
      add_byte (pattern, (guchar) *at);
      return at + 1;
    }
  fill_bytes (&step, FALSE);
  add_step (pattern, &step);
  return at + 1;
}

static gboolean
read_pattern (Pattern *pattern, const char *text)
{
  const char *at = text;
  while (at != NULL && *at != '\0' && pattern->steps->len < MAX_STEPS)
    {
      if (strncmp (at, "@{", 2) == 0)
        at = add_variable (pattern, at);
      else if (*at == '\\')
        at = add_escaped (pattern, at + 1);
      else if (*at == '*')
        at = add_stars (pattern, at, at > text && at[-1] == '/');
      else if (*at == '[')
        at = add_class (pattern, at + 1);
      else
        at = add_plain (pattern, at);
    }
  return at != NULL && *at == '\0';
}

/* --- going along ----------------------------------------------------------------------------- */

/* Where the inner pattern is, and where the outer one may be: a byte each. */
typedef struct
{
  guint inner;
  GBytes *outer;
} Place;

static guint
place_hash (gconstpointer key)
{
  const Place *place = key;
  return g_bytes_hash (place->outer) * 33 + place->inner;
}

static gboolean
place_equal (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;
  return x->inner == y->inner && g_bytes_equal (x->outer, y->outer);
}

static void
place_free (gpointer data)
{
  Place *place = data;
  g_bytes_unref (place->outer);
  g_free (place);
}

typedef struct
{
  const GArray *inner; /* Step */
  const GArray *outer;
  GHashTable *known; /* Place, those of the list */
  GPtrArray *list;   /* Place, to be looked at in turn */
} Search;

/* Adds the places behind those in @at that need no symbol: a star may stand for none. */
static void
close_places (const Search *search, guint8 *at)
{
  for (guint i = 0; i < search->outer->len; i++)
    if (at[i] && g_array_index (search->outer, Step, i).any_number)
      at[i + 1] = 1;
}

/* Takes @outer. */
static void
add_place (Search *search, guint inner, GBytes *outer)
{
  Place *place = g_new (Place, 1);
  *place = (Place){ inner, outer };
  if (g_hash_table_contains (search->known, place))
    {
      place_free (place);
      return;
    }
  g_hash_table_add (search->known, place);
  g_ptr_array_add (search->list, place);
}

/* Where the outer pattern may be after @symbol; NULL where it cannot go along. */
static GBytes *
follow (const Search *search, GBytes *outer, guint symbol)
{
  gsize size = search->outer->len + 1;
  const guint8 *from = g_bytes_get_data (outer, NULL);
  g_autofree guint8 *to = g_new0 (guint8, size);
  gboolean some = FALSE;
  for (guint i = 0; i < search->outer->len; i++)
    {
      const Step *step = &g_array_index (search->outer, Step, i);
      if (!from[i] || !step->set[symbol])
        continue;
      to[step->any_number ? i : i + 1] = 1;
      some = TRUE;
    }
  if (!some)
    return NULL;
  close_places (search, to);
  return g_bytes_new_take (g_steal_pointer (&to), size);
}

/* Goes on from a place by everything that the inner pattern may take; FALSE where the outer one
 * cannot go along. */
static gboolean
go_on (Search *search, const Place *place)
{
  gsize size = 0;
  const guint8 *outer = g_bytes_get_data (place->outer, &size);
  if (place->inner == search->inner->len)
    return outer[size - 1];
  const Step *step = &g_array_index (search->inner, Step, place->inner);
  guint inner = place->inner;
  g_autoptr (GBytes) at = g_bytes_ref (place->outer);
  if (step->any_number)
    add_place (search, inner + 1, g_bytes_ref (at));
  for (guint symbol = 1; symbol < N_SYMBOLS; symbol++)
    {
      if (!step->set[symbol])
        continue;
      GBytes *next = follow (search, at, symbol);
      if (next == NULL)
        return FALSE;
      add_place (search, step->any_number ? inner : inner + 1, next);
    }
  return TRUE;
}

static gboolean
includes (const GArray *outer, const GArray *inner)
{
  g_autoptr (GHashTable) known = g_hash_table_new (place_hash, place_equal);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (place_free);
  Search search = { inner, outer, known, list };
  g_autofree guint8 *begin = g_new0 (guint8, outer->len + 1);
  begin[0] = 1;
  close_places (&search, begin);
  add_place (&search, 0, g_bytes_new (begin, outer->len + 1));
  for (guint i = 0; i < list->len; i++)
    if (i >= MAX_PLACES || !go_on (&search, g_ptr_array_index (list, i)))
      return FALSE;
  return TRUE;
}

gboolean
aak_pattern_includes (const char *outer, const char *inner)
{
  if (strcmp (outer, inner) == 0)
    return TRUE;
  if (strncmp (outer, inner, strcspn (outer, "\\*?[{@")) != 0)
    return FALSE;
  g_autoptr (GArray) of_outer = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autoptr (GArray) of_inner = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autoptr (GPtrArray) variables = g_ptr_array_new_with_free_func (g_free);
  Pattern a = { of_outer, variables, FALSE }, b = { of_inner, variables, TRUE };
  return read_pattern (&a, outer) && read_pattern (&b, inner) && includes (of_outer, of_inner);
}
