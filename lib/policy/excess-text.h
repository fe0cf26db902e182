/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Finds in the words of rules. */
#pragma once

#include "lib/policy/find.h"

/* The names of @pattern as a rule about @find has them: the rule without its end. @set: what it is
 * about beside names: signals ("set=(hup, term)"), the type of a socket ("type=stream"); NULL where
 * there is nothing. The caller frees it. */
char *aak_policy_find_text (const AakPolicyProduct *product, const AakPolicyFind *find,
                            const GArray *pattern, const char *set);
