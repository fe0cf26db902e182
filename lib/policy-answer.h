/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How permissions become an answer: shared by the files that ask. */
#pragma once

#include "lib/policy-query.h"

/* The answer to @request under @perms, with the profile's audit flag taken into account. */
AakAnswer aak_policy_answer (const AakPolicyProfile *profile, AakPerms perms, guint32 request);

/* The answer where nobody looks: allowed. */
AakAnswer aak_policy_answer_unmediated (guint32 request);

/* The answer of the rules of @class to @name. */
AakAnswer aak_policy_answer_class (const AakPolicyProfile *profile, AakPolicyClass class,
                                   AakName name, guint32 request);
