/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's decisions about sockets (security/apparmor/net.c, af_unix.c). */
#include "config.h"

#include "lib/policy/query.h"

#include "lib/policy/answer.h"
#include "lib/policy/label.h"
#include "lib/policy/socket.h"

#include <string.h>
#include <sys/socket.h>

#define ANONYMOUS "\001" /* in the place of an address */

/* An end that rules hardly name (RFC 5737, RFC 3849; the port of `discard`). */
static const guint8 somewhere4[] = { 192, 0, 2, 1 };
static const guint8 somewhere6[] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
#define SOMEWHERE_PORT 9

static AakAnswer
query_somewhere (const AakPolicyProfile *profile, guint16 family, guint16 type, guint32 request)
{
  const AakInetEnd end = { family == AF_INET ? somewhere4 : somewhere6,
                           family == AF_INET ? sizeof somewhere4 : sizeof somewhere6,
                           SOMEWHERE_PORT };
  const AakInetSocket socket = { .family = family, .type = type, .local = end, .peer = end };
  return aak_policy_query_inet (profile, &socket, request);
}

AakAnswer
aak_policy_query_network (const AakPolicyProfile *profile, guint16 family, guint16 type,
                          guint32 request)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if (!aak_policy_socket_type (profile, family, type, &state))
    return aak_policy_answer_unmediated (request);
  if (aak_policy_mediates_inet (profile, family, type))
    return query_somewhere (profile, family, type, request);
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
  return aak_policy_socket_number (db, aak_policy_db_match (db, local, &command, 1), 0);
}

/* Where rules for @socket and its other end are. The label of this end is not looked at. */
static AakPerms
peer_perms (const AakPolicyDb *db, guint32 local, const AakUnixSocket *socket)
{
  const guint8 command = AAK_SOCKET_COMMAND_PEER;
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
  if (!aak_policy_socket_type (profile, AF_UNIX, socket->type, &type))
    return aak_policy_answer_unmediated (request);
  guint32 socket_state = aak_policy_socket_number (db, type, 0); /* its protocol */
  if (socket_state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer (profile, aak_policy_db_perms (db, type, TRUE), request);

  AakAnswer sum = { .mediated = TRUE, .requested = request };
  guint32 local = match_address (db, socket_state, socket->address);
  local = aak_policy_db_match (db, local, "", 1);
  guint32 listen = match_command (db, local, AAK_SOCKET_COMMAND_LISTEN),
          option = match_command (db, local, AAK_SOCKET_COMMAND_OPTION);
  add (&sum, profile, aak_policy_db_perms (db, socket_state, TRUE), AAK_MAY_NET_CREATE);
  add (&sum, profile, aak_policy_db_perms (db, local, TRUE), AAK_MAY_NET_LOCAL);
  add (&sum, profile, aak_policy_db_perms (db, listen, TRUE), AAK_MAY_NET_LISTEN);
  add (&sum, profile, aak_policy_db_perms (db, option, TRUE), AAK_MAY_NET_OPTION);
  /* A socket accepts by itself, and once more each one that connects. */
  gboolean alone = socket->peer == NULL && (request & AAK_MAY_NET_PEER) == AAK_MAY_NET_ACCEPT;
  if ((request & AAK_MAY_NET_PEER) != 0 && !alone)
    add (&sum, profile, peer_perms (db, local, socket), AAK_MAY_NET_PEER);
  sum.denied |= request & ~(guint32) AAK_MAY_NET_ALL; /* no permission of sockets */
  sum.audited &= ~sum.denied;
  sum.allowed = sum.denied == 0;
  return sum;
}
