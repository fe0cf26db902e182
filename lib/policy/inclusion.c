/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What is not included is in excess. */
#include "config.h"

#include "lib/policy/inclusion.h"

#include "lib/error.h"
#include "lib/policy/excess.h"

/* TRUE where nothing but rules tells the profiles apart. */
static gboolean
alike (const AakPolicyProfile *a, const AakPolicyProfile *b)
{
  return a->mode == b->mode && a->is_hat == b->is_hat && a->audit_all == b->audit_all
         && a->path_flags == b->path_flags && a->kill_signal == b->kill_signal
         && g_strcmp0 (a->disconnected, b->disconnected) == 0;
}

/* The first of @excess that is about what is allowed, or NULL. */
static const AakExcess *
first_allowed (const GPtrArray *excess)
{
  for (guint i = 0; i < excess->len; i++)
    if (((const AakExcess *) excess->pdata[i])->kind == AAK_EXCESS_ALLOWED)
      return excess->pdata[i];
  return NULL;
}

gboolean
aak_policy_includes (const AakPolicyProfile *after, const AakPolicyProfile *before, GError **error)
{
  gboolean more = FALSE;
  if (!alike (before, after))
    {
      g_set_error_literal (error, AAK_ERROR, AAK_ERROR_POLICY,
                           "the profiles differ in mode or flags");
      return FALSE;
    }
  g_autoptr (GPtrArray) excess = aak_policy_excess (before, after, 1, &more, error);
  const AakExcess *lost = excess != NULL ? first_allowed (excess) : NULL;
  if (lost != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "what was allowed is no more: %s%s",
                 lost->rule, lost->unmediated ? " (which was not mediated)" : "");
  return excess != NULL && lost == NULL;
}
