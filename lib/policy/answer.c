/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From permissions to an answer (security/apparmor/lib.c, aa_check_perms()). */
#include "config.h"

#include "lib/policy/answer.h"

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

/* --- files ----------------------------------------------------------------------------------- */

const AakPolicyDb *
aak_policy_answer_files (const AakPolicyProfile *profile, guint32 *out_start)
{
  guint32 start = aak_policy_db_class (profile->rules, AAK_POLICY_CLASS_FILE);
  gboolean among = aak_policy_db_is_empty (profile->files) && start != AAK_POLICY_DFA_NOMATCH;
  *out_start = among ? start : aak_policy_db_start (profile->files);
  return among ? profile->rules : profile->files;
}

AakAnswer
aak_policy_answer_file (const AakPolicyProfile *profile, const AakPolicyDb *files, guint32 state,
                        guint32 request, gboolean owner)
{
  AakPerms perms = aak_policy_db_perms (files, state, owner);
  AakAnswer answer = aak_policy_answer (profile, perms, request);
  if ((request & ~answer.denied & AAK_MAY_EXEC) == 0)
    return answer;
  answer.exec = aak_policy_exec_of (files, perms.xindex);
  if (answer.exec.target == AAK_EXEC_NOWHERE)
    {
      /* x without a transition: the kernel finds no profile to go to, and refuses. */
      answer.denied |= AAK_MAY_EXEC;
      answer.audited &= ~AAK_MAY_EXEC;
      answer.allowed = FALSE;
    }
  return answer;
}
