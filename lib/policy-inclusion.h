/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Does one compiled profile allow all that another allows? Decided for every name there can be, by
 * walking both automatons side by side. */
#pragma once

#include "lib/policy-profile.h"

#include <glib.h>

/* The most pairs of states that are walked: memory is 40 bytes each. */
#define AAK_POLICY_INCLUSION_MAX 2000000

/* TRUE where whatever @before allows, @after allows too, an exec with the same transition: files,
 * links, capabilities, limits and the rules of every class; what @before does not mediate stays so.
 * Profiles that differ in mode or flags are not compared: FALSE. (One thing escapes it: a link may
 * need permissions that do not go beyond its target's, so that a further permission for a link's
 * name can forbid the link.)
 *
 * FALSE: POLICY, naming a name that is allowed no more; TOO_LARGE beyond
 * AAK_POLICY_INCLUSION_MAX. */
gboolean aak_policy_includes (const AakPolicyProfile *after, const AakPolicyProfile *before,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
