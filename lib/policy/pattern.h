/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Patterns over groups of bytes: a set of names that reads like a rule's. */
#pragma once

#include "lib/policy/groups.h"
#include "lib/policy/shape.h"

#include <glib.h>

typedef enum
{
  AAK_PIECE_ONE,   /* one byte of the set */
  AAK_PIECE_MAYBE, /* or none */
  AAK_PIECE_MANY,  /* none or any number */
} AakPolicyPieceKind;

typedef struct
{
  AakPolicyPieceKind kind;
  AakPolicyGroupSet set;
} AakPolicyPiece;

/* A pattern is an array of AakPolicyPiece; this is the one of the name whose bytes are of these
 * groups, and no other. The caller owns it. */
GArray *aak_policy_pattern_new (const guint8 *groups, gsize len);

const AakPolicyPiece *aak_policy_pattern_at (const GArray *pattern, guint i);

/* TRUE where the piece stands for one group only, which is @group. */
gboolean aak_policy_piece_is (const AakPolicyPiece *piece, guint group);

/* The place in names of @shape behind @piece, which is at @place. */
AakShapePlace aak_policy_pattern_next (const AakPolicyShape *shape, const AakPolicyGroups *groups,
                                       AakShapePlace place, const AakPolicyPiece *piece);

/* Places in a pattern that a name has led to: places 0 (before the first piece) to the pattern's
 * length (all matched), a byte each that is TRUE where it may be there. */
guint8 *aak_policy_pattern_begin (const GArray *pattern);

/* Moves @places on by a byte of @group; FALSE where no place is left. */
gboolean aak_policy_pattern_step (const GArray *pattern, guint8 *places, guint group);

/* TRUE where the name of @len bytes of these groups matches. */
gboolean aak_policy_pattern_match (const GArray *pattern, const guint8 *groups, gsize len);
