/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Matching names against patterns of groups. */
#include "config.h"

#include "lib/policy/pattern.h"

GArray *
aak_policy_pattern_new (const guint8 *groups, gsize len)
{
  GArray *pattern = g_array_sized_new (FALSE, FALSE, sizeof (AakPolicyPiece), (guint) len);
  for (gsize i = 0; i < len; i++)
    {
      AakPolicyPiece piece = { .kind = AAK_PIECE_ONE };
      aak_policy_group_set_add (&piece.set, groups[i]);
      g_array_append_val (pattern, piece);
    }
  return pattern;
}

const AakPolicyPiece *
aak_policy_pattern_at (const GArray *pattern, guint i)
{
  return &g_array_index (pattern, AakPolicyPiece, i);
}

gboolean
aak_policy_piece_is (const AakPolicyPiece *piece, guint group)
{
  return piece->kind == AAK_PIECE_ONE && aak_policy_group_set_has (&piece->set, group)
         && aak_policy_group_set_size (&piece->set) == 1;
}

AakShapePlace
aak_policy_pattern_next (const AakPolicyShape *shape, const AakPolicyGroups *groups,
                         AakShapePlace place, const AakPolicyPiece *piece)
{
  return aak_policy_shape_next (shape, place,
                                groups->byte[aak_policy_group_set_first (&piece->set)]);
}

/* Pieces that need no byte are passed. */
static void
pass (const GArray *pattern, guint8 *places)
{
  for (guint i = 0; i < pattern->len; i++)
    if (places[i] && aak_policy_pattern_at (pattern, i)->kind != AAK_PIECE_ONE)
      places[i + 1] = TRUE;
}

guint8 *
aak_policy_pattern_begin (const GArray *pattern)
{
  guint8 *places = g_malloc0 (pattern->len + 1);
  places[0] = TRUE;
  pass (pattern, places);
  return places;
}

gboolean
aak_policy_pattern_step (const GArray *pattern, guint8 *places, guint group)
{
  gboolean any = FALSE;
  guint8 before = FALSE; /* the place before leads here */
  for (guint i = 0; i <= pattern->len; i++)
    {
      guint8 here = before;
      before = FALSE;
      if (i < pattern->len && places[i])
        {
          const AakPolicyPiece *piece = aak_policy_pattern_at (pattern, i);
          gboolean takes = aak_policy_group_set_has (&piece->set, group);
          here |= takes && piece->kind == AAK_PIECE_MANY;
          before = takes && piece->kind != AAK_PIECE_MANY;
        }
      places[i] = here;
      any |= here;
    }
  pass (pattern, places);
  return any;
}

gboolean
aak_policy_pattern_match (const GArray *pattern, const guint8 *groups, gsize len)
{
  g_autofree guint8 *places = aak_policy_pattern_begin (pattern);
  for (gsize i = 0; i < len; i++)
    if (!aak_policy_pattern_step (pattern, places, groups[i]))
      return FALSE;
  return places[pattern->len];
}
