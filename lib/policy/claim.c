/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Is it true of a node what is claimed? */
#include "config.h"

#include "lib/policy/find.h"

/* Permissions that come with a how. */
#define WITH_HOW (AAK_MAY_EXEC | AAK_MAY_LINK)

AakOwnedPerms
aak_policy_claim_perms (const AakPolicyClaim *claim)
{
  return AAK_OWNED (claim->who != AAK_FIND_OTHER ? claim->perms : 0,
                    claim->who != AAK_FIND_OWNER ? claim->perms : 0);
}

AakOwnedPerms
aak_policy_claim_true (const AakPolicyNode *node, const AakPolicyClaim *claim)
{
  guint32 owner = node->how[0] == claim->how ? G_MAXUINT32 : ~(guint32) WITH_HOW,
          other = node->how[1] == claim->how ? G_MAXUINT32 : ~(guint32) WITH_HOW;
  return node->excess[claim->kind] & aak_policy_claim_perms (claim) & AAK_OWNED (owner, other);
}

AakOwnedPerms
aak_policy_claim_tells (const AakPolicyNode *node, const AakPolicyClaim *claim)
{
  AakOwnedPerms perms = aak_policy_claim_perms (claim);
  return aak_policy_claim_true (node, claim) == perms ? perms : 0;
}

gboolean
aak_policy_claim_holds (const AakPolicyProduct *product, const AakPolicyNode *node,
                        const AakPolicyClaim *claim)
{
  guint32 asked =
      aak_policy_product_asked (product->shape, node->part, node->inside, node->slashes);
  if ((asked & claim->perms) == 0)
    return TRUE;
  gboolean all = aak_policy_claim_true (node, claim) == aak_policy_claim_perms (claim);
  return all != claim->negated;
}
