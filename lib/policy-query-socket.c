/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's decisions about sockets (security/apparmor/net.c, af_unix.c). */
#include "config.h"

#include "lib/policy-query.h"

#include "lib/policy-answer.h"
#include "lib/policy-label.h"

#include <string.h>
#include <sys/socket.h>

/* What follows a socket's own address: what is done with it. */
#define COMMAND_PEER   1
#define COMMAND_LISTEN 2
#define COMMAND_OPTION 4
#define ANONYMOUS      "\001" /* in the place of an address */

#define LOCAL                                                                        \
  (AAK_MAY_NET_BIND | AAK_MAY_NET_ACCEPT | AAK_MAY_NET_GETATTR | AAK_MAY_NET_SETATTR \
   | AAK_MAY_NET_SHUTDOWN)
#define OPTION (AAK_MAY_NET_GETOPT | AAK_MAY_NET_SETOPT)
#define PEER   (AAK_MAY_NET_CONNECT | AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE | AAK_MAY_NET_ACCEPT)

static guint32
match_number (const AakPolicyDb *db, guint32 state, guint16 number)
{
  const guint8 bytes[] = { (guint8) (number >> 8), (guint8) number };
  return aak_policy_db_match (db, state, bytes, sizeof bytes);
}

/* Behind family and type. FALSE: sockets are not mediated. */
static gboolean
match_type (const AakPolicyProfile *profile, guint16 family, guint16 type, guint32 *out_state)
{
  const AakPolicyDb *db = profile->rules;
  guint32 state = aak_policy_db_class (db, AAK_POLICY_CLASS_NETWORK_V9);
  if (state == AAK_POLICY_DFA_NOMATCH)
    state = aak_policy_db_class (db, AAK_POLICY_CLASS_NETWORK);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return FALSE;
  *out_state = match_number (db, match_number (db, state, family), type);
  return TRUE;
}

AakAnswer
aak_policy_query_network (const AakPolicyProfile *profile, guint16 family, guint16 type,
                          guint32 request)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if (!match_type (profile, family, type, &state))
    return aak_policy_answer_unmediated (request);
  return aak_policy_answer (profile, aak_policy_db_perms (profile->rules, state, TRUE), request);
}

/* --- unix sockets ---------------------------------------------------------------------------- */

static guint32
match_address (const AakPolicyDb *db, guint32 state, AakName address)
{
  AakName name = address.bytes != NULL && address.len > 0 ? address : aak_name (ANONYMOUS);
  state = aak_policy_db_match (db, state, name.bytes, name.len);
  return aak_policy_db_match (db, state, "", 1);
}

/* A command about this end, and its argument, which no rule can name. */
static guint32
match_command (const AakPolicyDb *db, guint32 local, guint8 command)
{
  return match_number (db, aak_policy_db_match (db, local, &command, 1), 0);
}

/* Where rules for @socket and its other end are. The label of this end is not looked at. */
static AakPerms
peer_perms (const AakPolicyDb *db, guint32 local, const AakUnixSocket *socket)
{
  const guint8 command = COMMAND_PEER;
  guint32 state = aak_policy_db_match (db, local, &command, 1);
  state = match_address (db, state, socket->peer_address);
  return aak_policy_label_each_perms (db, state, socket->peer != NULL ? socket->peer : "");
}

/* Adds the answer to those of @request's bits that are in @bits. */
static void
add (AakAnswer *sum, const AakPolicyProfile *profile, AakPerms perms, guint32 bits)
{
  AakAnswer one = aak_policy_answer (profile, perms, sum->requested & bits);
  sum->denied |= one.denied;
  sum->quiet |= one.quiet;
  sum->audited |= one.audited;
}

AakAnswer
aak_policy_query_unix (const AakPolicyProfile *profile, const AakUnixSocket *socket,
                       guint32 request)
{
  const AakPolicyDb *db = profile->rules;
  guint32 type = AAK_POLICY_DFA_NOMATCH;
  if (!match_type (profile, AF_UNIX, socket->type, &type))
    return aak_policy_answer_unmediated (request);
  guint32 socket_state = match_number (db, type, 0); /* its protocol */
  if (socket_state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer (profile, aak_policy_db_perms (db, type, TRUE), request);

  AakAnswer sum = { .mediated = TRUE, .requested = request };
  guint32 local = match_address (db, socket_state, socket->address);
  local = aak_policy_db_match (db, local, "", 1);
  guint32 listen = match_command (db, local, COMMAND_LISTEN),
          option = match_command (db, local, COMMAND_OPTION);
  add (&sum, profile, aak_policy_db_perms (db, socket_state, TRUE), AAK_MAY_NET_CREATE);
  add (&sum, profile, aak_policy_db_perms (db, local, TRUE), LOCAL);
  add (&sum, profile, aak_policy_db_perms (db, listen, TRUE), AAK_MAY_NET_LISTEN);
  add (&sum, profile, aak_policy_db_perms (db, option, TRUE), OPTION);
  /* A socket accepts by itself, and once more each one that connects. */
  gboolean alone = socket->peer == NULL && (request & PEER) == AAK_MAY_NET_ACCEPT;
  if ((request & PEER) != 0 && !alone)
    add (&sum, profile, peer_perms (db, local, socket), PEER);
  sum.denied |= request & ~(guint32) AAK_MAY_NET_ALL; /* no permission of sockets */
  sum.audited &= ~sum.denied;
  sum.allowed = sum.denied == 0;
  return sum;
}
