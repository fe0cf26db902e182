/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Walks several patterns at once: what has been said already of the names on the way. */
#pragma once

#include "lib/policy/find.h"

#include <glib.h>

typedef struct AakPolicyCover AakPolicyCover;

/* Nothing that can be said any more. */
#define AAK_POLICY_COVER_NOTHING 0

/* Of @finds (AakPolicyFind), which stay as they are meanwhile. Free with aak_policy_cover_free().
 */
AakPolicyCover *aak_policy_cover_new (const GPtrArray *finds);
void aak_policy_cover_free (AakPolicyCover *cover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyCover, aak_policy_cover_free)

/* A number for all places in all patterns at the beginning of names, and where a byte of @group
 * leads to from there. */
guint32 aak_policy_cover_begin (AakPolicyCover *cover);
guint32 aak_policy_cover_step (AakPolicyCover *cover, guint32 places, guint group);

/* What is said of names that end there, and that lead to @node. */
AakOwnedPerms aak_policy_cover_said (const AakPolicyCover *cover, guint32 places,
                                     const AakPolicyNode *node);

/* What was done so far for the automaton, in steps from one byte to the next. */
guint64 aak_policy_cover_work (const AakPolicyCover *cover);
