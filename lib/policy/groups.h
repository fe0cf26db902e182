/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Bytes that two automatons do not tell apart, put together: what is found for one byte of a group
 * holds for each. */
#pragma once

#include "lib/policy/db.h"

#include <glib.h>

typedef struct
{
  guint n;            /* at most 256 */
  guint8 of[256];     /* the group of a byte */
  guint8 byte[256];   /* of each group, the byte that reads best */
  guint16 sizes[256]; /* of each group */
  guint nul;          /* the group of NUL, and that of the slash: alone in them */
  guint slash;
  guint common; /* the largest: what no rule names */
} AakPolicyGroups;

/* Sets of groups, a bit each. */
typedef struct
{
  guint64 bits[4];
} AakPolicyGroupSet;

/* Groups the bytes for @a and @b (either may be NULL: it tells none apart). @flags: each byte up to
 * 32 is alone as well, since it is a mount's flag. */
void aak_policy_groups_init (AakPolicyGroups *groups, const AakPolicyDb *a, const AakPolicyDb *b,
                             gboolean flags);

/* --- sets ------------------------------------------------------------------------------------ */

gboolean aak_policy_group_set_has (const AakPolicyGroupSet *set, guint group);
void aak_policy_group_set_add (AakPolicyGroupSet *set, guint group);
/* TRUE where @set has all of @other. */
gboolean aak_policy_group_set_includes (const AakPolicyGroupSet *set,
                                        const AakPolicyGroupSet *other);
gboolean aak_policy_group_set_equal (const AakPolicyGroupSet *a, const AakPolicyGroupSet *b);

/* The number of groups in @set, and, where there is one, the first and the last. */
guint aak_policy_group_set_size (const AakPolicyGroupSet *set);
guint aak_policy_group_set_first (const AakPolicyGroupSet *set);
guint aak_policy_group_set_last (const AakPolicyGroupSet *set);

/* All groups but NUL's, and all but that and the slash's. */
AakPolicyGroupSet aak_policy_groups_any (const AakPolicyGroups *groups);
AakPolicyGroupSet aak_policy_groups_no_slash (const AakPolicyGroups *groups);

/* How many bytes @set stands for. */
guint aak_policy_groups_bytes (const AakPolicyGroups *groups, const AakPolicyGroupSet *set);
