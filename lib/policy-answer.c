/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From permissions to an answer (security/apparmor/lib.c, aa_check_perms()). */
#include "config.h"

#include "lib/policy-answer.h"

AakAnswer
aak_policy_answer (const AakPolicyProfile *profile, AakPerms perms, guint32 request)
{
  guint32 denied = request & (~perms.allow | perms.deny);
  return (AakAnswer){
    .allowed = denied == 0,
    .mediated = TRUE,
    .requested = request,
    .denied = denied,
    .quiet = profile->audit_all ? 0 : denied & perms.quiet,
    .audited = request & ~denied & (profile->audit_all ? G_MAXUINT32 : perms.audit),
  };
}

AakAnswer
aak_policy_answer_unmediated (guint32 request)
{
  return (AakAnswer){ .allowed = TRUE, .requested = request };
}

AakAnswer
aak_policy_answer_class (const AakPolicyProfile *profile, AakPolicyClass class, AakName name,
                         guint32 request)
{
  guint32 state = aak_policy_db_class (profile->rules, (guint8) class);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer_unmediated (request);
  state = aak_policy_db_match (profile->rules, state, name.bytes, name.len);
  return aak_policy_answer (profile, aak_policy_db_perms (profile->rules, state, TRUE), request);
}
