/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Patterns of groups as AppArmor's own. */
#pragma once

#include "lib/policy/pattern.h"

/* The @n pieces of @pattern from @from on as a rule's pattern: globbing characters, blanks, quotes
 * and what is not ASCII are escaped, so that it means just these names. The caller frees it. */
char *aak_policy_pattern_text (const AakPolicyGroups *groups, const GArray *pattern, guint from,
                               guint n);

/* TRUE where they match every name, but perhaps the empty one. */
gboolean aak_policy_pattern_is_any (const AakPolicyGroups *groups, const GArray *pattern,
                                    guint from, guint n);
