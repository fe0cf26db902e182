/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A comparison in the making: shared by the files that compare classes. */
#pragma once

#include "lib/policy/excess.h"

typedef struct
{
  const AakPolicyProfile *profile, *other;
  guint most;        /* as for aak_policy_excess() */
  GPtrArray *excess; /* of AakExcess, to be added to */
  gboolean more;
} AakExcessComparison;

/* Where the names of @class begin in @profile; its database is NULL where it does not mediate
 * them. */
AakPolicySide aak_excess_side (const AakPolicyProfile *profile, AakPolicyClass class);

/* Adds what is in excess of names that begin at the two places; @one's database may be NULL,
 * @other's not. @set: see aak_policy_find_text(). Errors as of aak_policy_product_new(). */
gboolean aak_excess_compare (AakExcessComparison *c, const AakPolicyShape *shape, AakPolicySide one,
                             AakPolicySide other, const char *set,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where anything but the permissions @known is in excess somewhere. */
gboolean aak_excess_any (const AakPolicyProduct *product, guint32 known);

/* Each adds what is in excess of its class. Errors as above. */
gboolean aak_excess_signals (AakExcessComparison *c, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean aak_excess_sysv (AakExcessComparison *c, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean aak_excess_sockets (AakExcessComparison *c, GError **error) G_GNUC_WARN_UNUSED_RESULT;
