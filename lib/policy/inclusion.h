/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Does one compiled profile allow all that another allows? Decided for every name there can be. */
#pragma once

#include "lib/policy/profile.h"

#include <glib.h>

/* TRUE where whatever @before allows, @after allows too, an exec with the same transition: all that
 * aak_policy_excess() tells of. Profiles that differ in mode or flags are not compared: FALSE.
 *
 * FALSE: POLICY, naming what is allowed no more; TOO_LARGE as aak_policy_excess() has it. */
gboolean aak_policy_includes (const AakPolicyProfile *after, const AakPolicyProfile *before,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
