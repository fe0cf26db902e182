/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Decisions about D-Bus (the daemon asks the kernel, dbus/bus/apparmor.c), message queues and
 * io_uring (security/apparmor/ipc.c of Ubuntu's kernels, task.c). */
#include "config.h"

#include "lib/policy/query.h"

#include "lib/policy/answer.h"
#include "lib/policy/label.h"

#include <string.h>

/* The state behind @class, or FALSE where the policy does not mediate it. */
static gboolean
begin (const AakPolicyProfile *profile, AakPolicyClass class, guint32 *out_state)
{
  *out_state = aak_policy_db_class (profile->rules, (guint8) class);
  return profile->mode != AAK_MODE_UNCONFINED && *out_state != AAK_POLICY_DFA_NOMATCH;
}

static AakAnswer
end (const AakPolicyProfile *profile, guint32 state, guint32 request)
{
  return aak_policy_answer (profile, aak_policy_db_perms (profile->rules, state, TRUE), request);
}

/* --- D-Bus ----------------------------------------------------------------------------------- */

/* The parts of a question follow each other, with a NUL between them. */
static AakAnswer
ask_dbus (const AakPolicyProfile *profile, const AakName *parts, guint n, guint32 request)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if (!begin (profile, AAK_POLICY_CLASS_DBUS, &state))
    return aak_policy_answer_unmediated (request);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        state = aak_policy_db_match (profile->rules, state, "", 1);
      if (parts[i].bytes != NULL)
        state = aak_policy_db_match (profile->rules, state, parts[i].bytes, parts[i].len);
    }
  return end (profile, state, request);
}

AakAnswer
aak_policy_query_dbus_message (const AakPolicyProfile *profile, const AakDbusMessage *message,
                               guint32 request)
{
  const AakName parts[] = {
    message->bus,  message->name,      aak_name (message->peer != NULL ? message->peer : ""),
    message->path, message->interface, message->member
  };
  return ask_dbus (profile, parts, G_N_ELEMENTS (parts), request);
}

AakAnswer
aak_policy_query_dbus_bind (const AakPolicyProfile *profile, AakName bus, AakName name)
{
  const AakName parts[] = { bus, name };
  return ask_dbus (profile, parts, G_N_ELEMENTS (parts), AAK_MAY_DBUS_BIND);
}

AakAnswer
aak_policy_query_dbus_eavesdrop (const AakPolicyProfile *profile, AakName bus)
{
  return ask_dbus (profile, &bus, 1, AAK_MAY_DBUS_EAVESDROP);
}

/* --- message queues -------------------------------------------------------------------------- */

AakAnswer
aak_policy_query_posix_mqueue (const AakPolicyProfile *profile, AakName name, guint32 request)
{
  return aak_policy_answer_class (profile, AAK_POLICY_CLASS_POSIX_MQUEUE, name, request);
}

AakAnswer
aak_policy_query_sysv_mqueue (const AakPolicyProfile *profile, guint32 key, guint32 request)
{
  guint32 bytes = GUINT32_TO_BE (key);
  return aak_policy_answer_class (profile, AAK_POLICY_CLASS_SYSV_MQUEUE,
                                  (AakName){ (const char *) &bytes, sizeof bytes }, request);
}

/* --- io_uring -------------------------------------------------------------------------------- */

AakAnswer
aak_policy_query_io_uring (const AakPolicyProfile *profile, const char *peer, guint32 request)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if (!begin (profile, AAK_POLICY_CLASS_IO_URING, &state))
    return aak_policy_answer_unmediated (request);
  if (peer == NULL)
    return end (profile, state, request);
  return aak_policy_answer (profile, aak_policy_label_perms (profile->rules, state, peer, request),
                            request);
}
