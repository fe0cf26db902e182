/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From one name to a pattern that says more. */
#pragma once

#include "lib/policy/find.h"

/* A pattern that has the name of these groups in it (@len of them), and as many others as @claim
 * seems to hold for: tried with names that no rule has in mind. Exceptions are to be looked for.
 * @within: a pattern that the name is of, and that the others have to be of; NULL for any. The
 * caller owns the result. What is done is added to @work, see AakPolicyFind. */
GArray *aak_policy_widen (const AakPolicyProduct *product, const AakPolicyClaim *claim,
                          const GArray *within, const GByteArray *name, guint64 *work);
