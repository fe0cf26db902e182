/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Family and type of a socket (security/apparmor/net.c, aa_match_to_prot()). */
#include "config.h"

#include "lib/policy/socket.h"

#include <sys/socket.h>

guint32
aak_policy_socket_number (const AakPolicyDb *db, guint32 state, guint16 number)
{
  const guint8 bytes[] = { (guint8) (number >> 8), (guint8) number };
  return aak_policy_db_match (db, state, bytes, sizeof bytes);
}

gboolean
aak_policy_socket_type (const AakPolicyProfile *profile, guint16 family, guint16 type,
                        guint32 *out_state)
{
  const AakPolicyDb *db = profile->rules;
  guint32 state = aak_policy_db_class (db, AAK_POLICY_CLASS_NETWORK_V9);
  if (state == AAK_POLICY_DFA_NOMATCH)
    state = aak_policy_db_class (db, AAK_POLICY_CLASS_NETWORK);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return FALSE;
  *out_state = aak_policy_socket_number (db, aak_policy_socket_number (db, state, family), type);
  return TRUE;
}

gboolean
aak_policy_socket_unix (const AakPolicyProfile *profile, guint16 type, guint32 *out_state)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if (!aak_policy_socket_type (profile, AF_UNIX, type, &state))
    return FALSE;
  *out_state = aak_policy_socket_number (profile->rules, state, 0);
  return *out_state != AAK_POLICY_DFA_NOMATCH;
}
