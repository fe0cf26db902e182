/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which compiled profile is to be asked for what a child of a label did. */
#pragma once

#include "learn/observations.h"
#include "lib/policy/query.h"

/* The profiles of @set (AakPolicyProfile*, which it owns) by the names of the children in
 * @observations: the one that an exec of a child's programs under @self leads to, or else the one
 * of the child's name. What is not in the table is asked of @self. Free with g_hash_table_unref(),
 * before @observations. */
GHashTable *aak_coverage_children (const AakPolicySet *set, const AakPolicyProfile *self,
                                   const AakObservations *observations);
