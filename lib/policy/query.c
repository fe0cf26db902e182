/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's decisions about everything but mounts, one function for each of its own. */
#include "config.h"

#include "lib/policy/query.h"

#include "lib/policy/answer.h"
#include "lib/policy/label.h"

#include <string.h>

#define CAP_SYS_PTRACE 19
#define N_CAPABILITIES 64
/* The permissions that a link is compared with its target by. */
#define COMPARED                                                                                  \
  (AAK_MAY_EXEC | AAK_MAY_WRITE | AAK_MAY_READ | AAK_MAY_APPEND | AAK_MAY_CREATE | AAK_MAY_DELETE \
   | AAK_MAY_SETATTR | AAK_MAY_GETATTR | AAK_MAY_CHMOD | AAK_MAY_CHOWN | AAK_MAY_LOCK             \
   | AAK_MAY_MMAP | AAK_MAY_LINK)

AakName
aak_name (const char *text)
{
  return (AakName){ text, strlen (text) };
}

/* --- files ----------------------------------------------------------------------------------- */

AakAnswer
aak_policy_query_file (const AakPolicyProfile *profile, AakName path, guint32 request,
                       gboolean owner)
{
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (request);
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *files = aak_policy_answer_files (profile, &state);
  state = aak_policy_db_match (files, state, path.bytes, path.len);
  return aak_policy_answer_file (profile, files, state, request, owner);
}

/* security/apparmor/file.c, xindex_is_subset(): the same transition, and not a less safe one */
static gboolean
same_exec (guint32 link, guint32 target)
{
  return (link & ~AAK_X_UNSAFE) == (target & ~AAK_X_UNSAFE)
         && !((link & AAK_X_UNSAFE) != 0 && (target & AAK_X_UNSAFE) == 0);
}

AakAnswer
aak_policy_query_link (const AakPolicyProfile *profile, AakName link, AakName target,
                       gboolean owner)
{
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (AAK_MAY_LINK);
  guint32 start = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *files = aak_policy_answer_files (profile, &start);
  guint32 state = aak_policy_db_match (files, start, link.bytes, link.len);
  AakPerms of_link = aak_policy_db_perms (files, state, owner);
  if ((of_link.allow & ~of_link.deny & AAK_MAY_LINK) == 0)
    return aak_policy_answer (profile, of_link, AAK_MAY_LINK);

  /* The rule for the pair goes on behind a NUL; it also says what is recorded. */
  state = aak_policy_db_match (files, state, "", 1);
  state = aak_policy_db_match (files, state, target.bytes, target.len);
  AakPerms of_pair = aak_policy_db_perms (files, state, owner);
  AakAnswer answer = aak_policy_answer (profile, of_pair, AAK_MAY_LINK);
  if (!answer.allowed || (of_pair.allow & AAK_MAY_LINK_SUBSET) == 0)
    return answer;

  state = aak_policy_db_match (files, start, target.bytes, target.len);
  AakPerms of_target = aak_policy_db_perms (files, state, owner);
  guint32 more = of_link.allow & ~(of_target.allow | AAK_MAY_LINK) & COMPARED;
  if ((of_link.allow & of_target.allow & AAK_MAY_EXEC) != 0
      && !same_exec (of_link.xindex, of_target.xindex))
    more |= AAK_MAY_EXEC;
  answer.requested |= more;
  answer.denied |= more;
  answer.allowed = more == 0;
  return answer;
}

AakAnswer
aak_policy_query_change_profile (const AakPolicyProfile *profile, const AakName *program,
                                 const char *target)
{
  guint32 request = program != NULL ? AAK_MAY_ONEXEC : AAK_MAY_CHANGE_PROFILE;
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (request);
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *files = aak_policy_answer_files (profile, &state);
  if (program != NULL)
    {
      state = aak_policy_db_match (files, state, program->bytes, program->len);
      AakPerms perms = aak_policy_db_perms (files, state, TRUE);
      if ((perms.allow & ~perms.deny & AAK_MAY_ONEXEC) == 0)
        return aak_policy_answer (profile, perms, request);
      state = aak_policy_db_match (files, state, "", 1);
    }
  return aak_policy_answer (profile, aak_policy_label_perms (files, state, target, request),
                            request);
}

AakAnswer
aak_policy_query_onexec (const AakPolicyProfile *profile, const char *target)
{
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (AAK_MAY_ONEXEC);
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *files = aak_policy_answer_files (profile, &state);
  return aak_policy_answer (profile, aak_policy_label_perms (files, state, target, AAK_MAY_ONEXEC),
                            AAK_MAY_ONEXEC);
}

static char *
label_of (const AakPolicyProfile *profile, AakExecTarget target)
{
  if (target == AAK_EXEC_INHERIT)
    return g_strdup (profile->name);
  return target == AAK_EXEC_UNCONFINED ? g_strdup ("unconfined") : NULL;
}

char *
aak_policy_query_exec_label (const AakPolicySet *set, const AakPolicyProfile *profile, AakName path,
                             AakExec exec)
{
  const AakPolicyProfile *found = NULL;
  if (exec.target == AAK_EXEC_NAMED && *exec.name == '&')
    return g_strconcat (profile->name, "//", exec.name, NULL);
  if (exec.target == AAK_EXEC_NAMED)
    return g_strdup (exec.name);
  if (exec.target == AAK_EXEC_PROFILE)
    found = aak_policy_set_attach (set, NULL, path.bytes, path.len);
  if (exec.target == AAK_EXEC_CHILD)
    found = aak_policy_set_attach (set, profile->name, path.bytes, path.len);
  if (found != NULL)
    return g_strdup (found->name);
  gboolean looked = exec.target == AAK_EXEC_PROFILE || exec.target == AAK_EXEC_CHILD;
  return label_of (profile, looked ? exec.fallback : exec.target);
}

/* --- everything else ------------------------------------------------------------------------- */

AakAnswer
aak_policy_query_capability (const AakPolicyProfile *profile, guint capability)
{
  const AakPolicyCapabilities *all = &profile->capabilities;
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (1);
  guint32 state = aak_policy_db_class (profile->rules, AAK_POLICY_CLASS_CAPABILITY);
  if (state != AAK_POLICY_DFA_NOMATCH && capability < N_CAPABILITIES)
    {
      /* The newest policy has them among the rules: a byte for the word, then a bit in it. */
      guint8 word = (guint8) (capability / 32);
      guint bit = capability % 32;
      AakPerms perms =
          aak_policy_db_perms (profile->rules,
                               aak_policy_db_match (profile->rules, state, &word, 1), TRUE);
      AakPerms one = { .allow = perms.allow >> bit & 1,
                       .deny = perms.deny >> bit & 1,
                       .audit = perms.audit >> bit & 1,
                       .quiet = perms.quiet >> bit & 1 };
      return aak_policy_answer (profile, one, 1);
    }
  AakPerms perms = { 0 };
  if (capability < N_CAPABILITIES)
    perms = (AakPerms){ .allow = all->allow >> capability & 1,
                        .audit = all->audit >> capability & 1,
                        .quiet = all->quiet >> capability & 1 };
  return aak_policy_answer (profile, perms, 1);
}

AakAnswer
aak_policy_query_limit (const AakPolicyProfile *profile, guint limit, guint64 value)
{
  if (profile->mode == AAK_MODE_UNCONFINED || limit >= AAK_POLICY_N_LIMITS
      || (profile->limits.set >> limit & 1) == 0)
    return aak_policy_answer_unmediated (1);
  AakPerms perms = { .allow = value <= profile->limits.most[limit] };
  return aak_policy_answer (profile, perms, 1);
}

AakAnswer
aak_policy_query_signal (const AakPolicyProfile *profile, guint signal, const char *peer,
                         guint32 request)
{
  guint32 state = aak_policy_db_class (profile->rules, AAK_POLICY_CLASS_SIGNAL);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer_unmediated (request);
  guint8 number = (guint8) signal;
  state = aak_policy_db_match (profile->rules, state, &number, 1);
  return aak_policy_answer (profile, aak_policy_label_perms (profile->rules, state, peer, request),
                            request);
}

/* Before there were rules for it, only a tracer was looked at, and its capability. */
static AakAnswer
ptrace_by_capability (const AakPolicyProfile *profile, const char *peer, guint32 request)
{
  if ((request & (AAK_MAY_PTRACE_TRACE | AAK_MAY_PTRACE_READ)) == 0
      || strcmp (peer, profile->name) == 0)
    return aak_policy_answer_unmediated (request);
  AakAnswer answer = aak_policy_query_capability (profile, CAP_SYS_PTRACE);
  answer.requested = request;
  answer.denied = answer.allowed ? 0 : request;
  answer.audited = answer.audited != 0 ? request : 0;
  answer.quiet = answer.quiet != 0 ? request : 0;
  return answer;
}

AakAnswer
aak_policy_query_ptrace (const AakPolicyProfile *profile, const char *peer, guint32 request)
{
  const guint8 class = AAK_POLICY_CLASS_PTRACE;
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (request);
  if (aak_policy_db_class (profile->rules, class) == AAK_POLICY_DFA_NOMATCH)
    return ptrace_by_capability (profile, peer, request);
  guint32 state = aak_policy_db_class (profile->rules, AAK_POLICY_CLASS_LABEL);
  state = aak_policy_db_match (profile->rules, state, &class, 1);
  return aak_policy_answer (profile, aak_policy_label_perms (profile->rules, state, peer, request),
                            request);
}

AakAnswer
aak_policy_query_userns (const AakPolicyProfile *profile)
{
  return aak_policy_answer_class (profile, AAK_POLICY_CLASS_NAMESPACE, aak_name (""),
                                  AAK_MAY_USERNS_CREATE);
}

AakPerms
aak_policy_query_class (const AakPolicyProfile *profile, guint8 class, AakName name, gboolean owner,
                        gboolean *out_mediated)
{
  AakPerms everything = { .allow = G_MAXUINT32 };
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *db = profile->rules;
  if (class == AAK_POLICY_CLASS_FILE)
    db = aak_policy_answer_files (profile, &state);
  else
    state = aak_policy_db_class (db, class);
  *out_mediated = profile->mode != AAK_MODE_UNCONFINED
                  && (class == AAK_POLICY_CLASS_FILE || state != AAK_POLICY_DFA_NOMATCH);
  if (!*out_mediated)
    return everything;
  state = aak_policy_db_match (db, state, name.bytes, name.len);
  AakPerms perms =
      state != AAK_POLICY_DFA_NOMATCH ? aak_policy_db_perms (db, state, owner) : (AakPerms){ 0 };
  if (profile->audit_all)
    {
      perms.audit = G_MAXUINT32;
      perms.quiet = 0;
    }
  return perms;
}
