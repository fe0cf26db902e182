/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Widens a name: stars for the longest stretches first, then sets for single bytes, and optional
 * flags of mounts. */
#include "config.h"

#include "lib/policy/widen.h"

#include <string.h>

/* Names are tried with nothing in the place of a star, and with so many fillings. */
#define SAMPLES 4
/* A set of fewer bytes is rather a few names that look alike; digits are soon a number. */
#define SET_MIN    8
#define DIGITS_MIN 3
#define MAX_STARS  4 /* or one for each part, where there are more */
/* So many bytes may be optional behind a set. */
#define REPEATS_MAX 8
/* Longer names get no stars: a stretch is tried for each two places. */
#define MAX_NAME   200
#define FLAGS_PART 3
#define LAST_FLAG  32

typedef struct
{
  const AakPolicyProduct *product;
  const AakPolicyClaim *claim;
  const GArray *within; /* or NULL */
  guint64 *work;
  AakPolicyGroupSet any, no_slash;
  GArray *pattern;
} Widening;

/* --- trying ---------------------------------------------------------------------------------- */

static void
append (GByteArray *name, guint group)
{
  guint8 byte = (guint8) group;
  g_byte_array_append (name, &byte, 1);
}

/* What stands for a star in sample @sample: nothing, or bytes that no rule names. */
static void
fill (const Widening *w, GByteArray *name, const AakPolicyPiece *piece, guint sample)
{
  const AakPolicyGroups *groups = &w->product->groups;
  gboolean slashes = aak_policy_group_set_has (&piece->set, groups->slash);
  for (guint i = 0; i < sample; i++)
    {
      append (name, groups->common);
      if (i == 0 && sample > 1 && slashes)
        append (name, groups->slash);
    }
}

/* A group of @set: what no rule names, else the first or the last. */
static guint
one_of (const Widening *w, const AakPolicyGroupSet *set, gboolean last)
{
  if (aak_policy_group_set_has (set, w->product->groups.common))
    return w->product->groups.common;
  return last ? aak_policy_group_set_last (set) : aak_policy_group_set_first (set);
}

/* TRUE where @name ends beyond its last part: no kernel asks about it. */
static gboolean
is_no_name (const Widening *w, const GByteArray *name)
{
  AakShapePlace place = { 0 };
  for (guint i = 0; i < name->len && place.part < w->product->shape->parts; i++)
    place =
        aak_policy_shape_next (w->product->shape, place, w->product->groups.byte[name->data[i]]);
  return place.part >= w->product->shape->parts;
}

/* @is_short: with nothing in the place of stars, where no address may be nothing. */
static gboolean
name_holds (const Widening *w, const GByteArray *name, gboolean is_short)
{
  guint32 node = 0;
  if (w->within != NULL && !aak_policy_pattern_match (w->within, name->data, name->len))
    return FALSE;
  for (guint i = 0; i < name->len && node != AAK_POLICY_PRODUCT_NONE; i++)
    node = aak_policy_product_step (w->product, node, name->data[i]);
  if (node == AAK_POLICY_PRODUCT_NONE)
    return w->claim->negated || (is_short && is_no_name (w, name)); /* nothing is in excess there */
  return aak_policy_claim_holds (w->product, aak_policy_product_node (w->product, node), w->claim);
}

static gboolean
sample_holds (const Widening *w, guint sample)
{
  g_autoptr (GByteArray) name = g_byte_array_new ();
  *w->work += w->pattern->len;
  for (guint i = 0; i < w->pattern->len; i++)
    {
      const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, i);
      if (piece->kind == AAK_PIECE_MANY)
        fill (w, name, piece, sample);
      else if (piece->kind == AAK_PIECE_ONE || sample % 2 != 0)
        append (name, one_of (w, &piece->set, sample > 1));
    }
  return name_holds (w, name, sample == 0);
}

static gboolean
holds (const Widening *w)
{
  /* What is likeliest to fail comes first. */
  for (guint sample = 1; sample < SAMPLES; sample++)
    if (!sample_holds (w, sample))
      return FALSE;
  return sample_holds (w, 0);
}

/* Takes @pattern where the claim holds for it. */
static gboolean
try (Widening *w, GArray *pattern)
{
  GArray *before = w->pattern;
  w->pattern = pattern;
  if (holds (w))
    {
      g_array_unref (before);
      return TRUE;
    }
  w->pattern = before;
  g_array_unref (pattern);
  return FALSE;
}

/* --- stars ----------------------------------------------------------------------------------- */

/* The pattern with a star over @set in the place of @len pieces at @at; @some: of one byte at
 * least, which is no slash behind a slash unless it was. */
static GArray *
with_star (const Widening *w, guint at, guint len, const AakPolicyGroupSet *set, gboolean some)
{
  GArray *pattern = g_array_copy (w->pattern);
  const AakPolicyGroupSet first =
      len > 0 ? aak_policy_pattern_at (pattern, at)->set : (AakPolicyGroupSet){ { 0 } };
  g_array_remove_range (pattern, at, len);
  AakPolicyPiece star = { AAK_PIECE_MANY, *set };
  g_array_insert_val (pattern, at, star);
  if (!some)
    return pattern;
  gboolean begins =
      at > 0 && aak_policy_group_set_includes (&w->no_slash, &first)
      && aak_policy_piece_is (aak_policy_pattern_at (w->pattern, at - 1), w->product->groups.slash);
  AakPolicyPiece one = { AAK_PIECE_ONE, begins ? w->no_slash : *set };
  g_array_insert_val (pattern, at, one);
  return pattern;
}

/* TRUE for what was in the name, and for what stands for others now. */
static gboolean
is_literal (const AakPolicyPiece *piece)
{
  return piece->kind == AAK_PIECE_ONE && aak_policy_group_set_size (&piece->set) == 1;
}

static gboolean
is_star (const Widening *w, guint at)
{
  return at < w->pattern->len && !is_literal (aak_policy_pattern_at (w->pattern, at));
}

/* TRUE where the @len pieces at @at are bytes that @set has, and no star is beside them. */
static gboolean
may_be_star (const Widening *w, guint at, guint len, const AakPolicyGroupSet *set)
{
  if ((at > 0 && is_star (w, at - 1)) || is_star (w, at + len))
    return FALSE;
  for (guint i = at; i < at + len; i++)
    {
      const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, i);
      if (!is_literal (piece) || !aak_policy_group_set_includes (set, &piece->set))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_star (Widening *w, const AakPolicyGroupSet *set)
{
  for (guint len = w->pattern->len + 1; len-- > 0 && *w->work < AAK_POLICY_FIND_WORK;)
    for (guint at = 0; at + len <= w->pattern->len; at++)
      if (may_be_star (w, at, len, set)
          && (try (w, with_star (w, at, len, set, FALSE))
              || (len > 0 && try (w, with_star (w, at, len, set, TRUE)))))
        return TRUE;
  return FALSE;
}

/* --- sets and flags -------------------------------------------------------------------------- */

/* TRUE where @set is more than names that look alike. */
static gboolean
is_wide (const Widening *w, const AakPolicyGroupSet *set)
{
  const AakPolicyGroups *groups = &w->product->groups;
  AakPolicyGroupSet digits = { { 0 } };
  for (guint c = '0'; c <= '9'; c++)
    if (groups->byte[groups->of[c]] <= '9') /* not one of letters, too, which read better */
      aak_policy_group_set_add (&digits, groups->of[c]);
  return aak_policy_groups_bytes (groups, set)
         >= (aak_policy_group_set_includes (&digits, set) ? DIGITS_MIN : SET_MIN);
}

static void
widen_byte (Widening *w, guint at)
{
  AakPolicyPiece *piece = &g_array_index (w->pattern, AakPolicyPiece, at);
  const AakPolicyPiece before = *piece;
  const AakPolicyGroups *groups = &w->product->groups;
  AakPolicyGroupSet found = { { 0 } };
  if (!is_literal (piece) || aak_policy_piece_is (piece, groups->slash)
      || aak_policy_piece_is (piece, groups->nul))
    return;
  for (guint group = 0; group < groups->n; group++)
    {
      piece->set = (AakPolicyGroupSet){ { 0 } };
      aak_policy_group_set_add (&piece->set, group);
      if (aak_policy_group_set_has (&w->no_slash, group) && sample_holds (w, 1)
          && sample_holds (w, 0))
        aak_policy_group_set_add (&found, group);
    }
  *piece = before;
  if (aak_policy_group_set_includes (&found, &before.set) && is_wide (w, &found))
    piece->set = found;
}

/* Where the piece at @at begins. */
static AakShapePlace
place_of (const Widening *w, guint at)
{
  AakShapePlace place = { 0 };
  for (guint i = 0; i < at; i++)
    place = aak_policy_pattern_next (w->product->shape, &w->product->groups, place,
                                     aak_policy_pattern_at (w->pattern, i));
  return place;
}

static guint
part_of (const Widening *w, guint at)
{
  return place_of (w, at).part;
}

/* Where a part may have a NUL for its first byte: is what follows so without it, and with it? */
static void
widen_leads (Widening *w)
{
  const AakPolicyShape *shape = w->product->shape;
  const AakPolicyGroups *groups = &w->product->groups;
  AakPolicyPiece maybe = { .kind = AAK_PIECE_MAYBE };
  AakShapePlace place = { 0 };
  aak_policy_group_set_add (&maybe.set, groups->nul);
  for (guint i = 0; i < w->pattern->len; i++)
    {
      if (aak_policy_shape_leads (shape, place))
        {
          GArray *pattern = g_array_copy (w->pattern);
          if (aak_policy_piece_is (aak_policy_pattern_at (pattern, i), groups->nul))
            g_array_remove_index (pattern, i);
          g_array_insert_val (pattern, i, maybe);
          try (w, pattern);
        }
      place = aak_policy_pattern_next (shape, groups, place, aak_policy_pattern_at (w->pattern, i));
    }
}

/* Flags follow each other in their order: each that may be there or not is made optional. */
static void
widen_flags (Widening *w, guint at)
{
  const AakPolicyGroups *groups = &w->product->groups;
  for (guint flag = 1; flag <= LAST_FLAG; flag++)
    {
      guint group = groups->of[flag];
      AakPolicyPiece maybe = { .kind = AAK_PIECE_MAYBE };
      aak_policy_group_set_add (&maybe.set, group);
      gboolean there = at < w->pattern->len
                       && aak_policy_piece_is (aak_policy_pattern_at (w->pattern, at), group);
      GArray *pattern = g_array_copy (w->pattern);
      if (there)
        g_array_remove_index (pattern, at);
      g_array_insert_val (pattern, at, maybe);
      if (try (w, pattern) || there)
        at++;
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

/* Behind a set, more bytes of the set may be optional: numbers of several lengths. */
static void
repeat_set (Widening *w, guint at)
{
  const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, at);
  AakPolicyPiece maybe = { AAK_PIECE_MAYBE, piece->set };
  if (piece->kind != AAK_PIECE_ONE || is_literal (piece) || is_star (w, at + 1))
    return;
  /* The first digit of a number is no 0. */
  guint zero = w->product->groups.of['0'];
  if (aak_policy_group_set_has (&piece->set, w->product->groups.of['1']))
    aak_policy_group_set_add (&maybe.set, zero);
  for (guint i = 0; i < REPEATS_MAX; i++)
    {
      GArray *pattern = g_array_copy (w->pattern);
      g_array_insert_val (pattern, at + 1, maybe);
      if (!try (w, pattern))
        return;
    }
}

static void
widen_bytes (Widening *w)
{
  for (guint i = 0; i < w->pattern->len; i++)
    if (w->product->shape->class != AAK_POLICY_CLASS_MOUNT || part_of (w, i) != FLAGS_PART)
      widen_byte (w, i);
  for (guint i = w->pattern->len; i-- > 0;)
    repeat_set (w, i);
}

static void
find_flags (Widening *w)
{
  for (guint i = 0; i <= w->pattern->len; i++)
    if (part_of (w, i) == FLAGS_PART)
      {
        gboolean star =
            i < w->pattern->len && aak_policy_pattern_at (w->pattern, i)->kind == AAK_PIECE_MANY;
        if (!star)
          widen_flags (w, i);
        return;
      }
}

GArray *
aak_policy_widen (const AakPolicyProduct *product, const AakPolicyClaim *claim,
                  const GArray *within, const GByteArray *name, guint64 *work)
{
  Widening w = { product,
                 claim,
                 within,
                 work,
                 aak_policy_groups_any (&product->groups),
                 aak_policy_groups_no_slash (&product->groups),
                 aak_policy_pattern_new (name->data, name->len) };
  if (name->len > MAX_NAME)
    return w.pattern;
  const guint stars = MAX (MAX_STARS, product->shape->parts);
  for (guint i = 0; i < stars && add_star (&w, &w.any); i++)
    ;
  for (guint i = 0; i < MAX_STARS && add_star (&w, &w.no_slash); i++)
    ;
  widen_leads (&w);
  widen_bytes (&w);
  if (product->shape->class == AAK_POLICY_CLASS_MOUNT)
    find_flags (&w);
  return w.pattern;
}
