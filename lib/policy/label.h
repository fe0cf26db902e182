/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Labels in rules: a peer is one profile, or several that are stacked. */
#pragma once

#include "lib/policy/db.h"

/* What @db permits towards @label, matched from @start and asked for @request: the
 * whole label as one name, or else each
 * of its profiles, where all must permit it (security/apparmor/label.c, aa_label_match()). */
AakPerms aak_policy_label_perms (const AakPolicyDb *db, guint32 start, const char *label,
                                 guint32 request);

/* The same where the kernel only looks at each profile of @label by itself. */
AakPerms aak_policy_label_each_perms (const AakPolicyDb *db, guint32 start, const char *label);
