/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How permissions become an answer: shared by the files that ask. */
#pragma once

#include "lib/policy/query.h"

/* The answer to @request under @perms, with the profile's audit flag taken into account. */
AakAnswer aak_policy_answer (const AakPolicyProfile *profile, AakPerms perms, guint32 request);

/* The answer where nobody looks: allowed. */
AakAnswer aak_policy_answer_unmediated (guint32 request);

/* The database that has the rules about files, which newer policy may have among the others, and
 * the state in which they begin. Owned by @profile. */
const AakPolicyDb *aak_policy_answer_files (const AakPolicyProfile *profile, guint32 *out_start);

/* The answer to @request of the file whose name led to @state of @files. */
AakAnswer aak_policy_answer_file (const AakPolicyProfile *profile, const AakPolicyDb *files,
                                  guint32 state, guint32 request, gboolean owner);

/* The answer of the rules of @class to @name. */
AakAnswer aak_policy_answer_class (const AakPolicyProfile *profile, AakPolicyClass class,
                                   AakName name, guint32 request);
