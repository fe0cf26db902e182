/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's decisions about the addresses of internet sockets (security/apparmor/af_inet.c of
 * Ubuntu's kernels; the order of what is matched is apparmor_parser's network.cc, too). */
#include "config.h"

#include "lib/policy/query.h"

#include "lib/policy/answer.h"
#include "lib/policy/socket.h"

#include <string.h>
#include <sys/socket.h>

/* What kind of port an address has: of the socket itself, the same where to bind it needs a
 * capability, of the other end. */
#define END_LOCAL      0
#define END_PRIVILEGED 1
#define END_PEER       2

#define REMOTE (AAK_MAY_NET_CONNECT | AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE)

/* On the way through the automaton. */
typedef struct
{
  const AakPolicyDb *db;
  guint32 request; /* one permission */
  guint32 state;
  gboolean ended; /* the state decides: nothing that follows is looked at */
} Walk;

/* Where a state allows what is asked for, or is no step to others, it decides. */
static void
rest (Walk *walk)
{
  AakPerms perms = aak_policy_db_perms (walk->db, walk->state, TRUE);
  walk->ended = (walk->request & ~perms.allow) == 0 || (perms.allow & AAK_CONT_MATCH) == 0;
}

static void
step (Walk *walk, const void *bytes, gsize len)
{
  if (!walk->ended)
    walk->state = aak_policy_db_match (walk->db, walk->state, bytes, len);
}

/* The address of an end, and behind it a label, which is not looked at. */
static void
step_end (Walk *walk, guint8 kind, const AakInetEnd *end)
{
  const guint8 head[] = { kind, (guint8) (end->port >> 8), (guint8) end->port,
                          end->len == 16  ? 2
                          : end->len == 4 ? 1
                                          : 0 };
  if (walk->ended)
    return;
  step (walk, head, sizeof head);
  step (walk, end->address, end->len);
  step (walk, "", 1);
  rest (walk);
  step (walk, "", 1);
}

/* A command about this end, and @len bytes of arguments, which no rule can name. */
static void
step_command (Walk *walk, guint8 command, gsize len)
{
  static const guint8 argument[4] = { 0 };
  step (walk, &command, 1);
  step (walk, argument, len);
}

/* The state that decides about one permission. */
static guint32
decide (const AakPolicyDb *db, guint32 type, const AakInetSocket *socket, guint32 request)
{
  const guint8 command = AAK_SOCKET_COMMAND_PEER;
  Walk walk = { .db = db, .request = request, .state = type };
  rest (&walk);
  if (!walk.ended)
    walk.state = aak_policy_socket_number (db, walk.state, socket->protocol);
  if (request == AAK_MAY_NET_CREATE)
    return walk.state;
  if ((request & REMOTE) != 0)
    {
      step_end (&walk, END_PEER, &socket->peer);
      step (&walk, &command, 1);
      step_end (&walk, END_LOCAL, &socket->local);
      return walk.state;
    }
  gboolean privileged = request == AAK_MAY_NET_BIND && socket->privileged;
  step_end (&walk, privileged ? END_PRIVILEGED : END_LOCAL, &socket->local);
  if (request == AAK_MAY_NET_LISTEN)
    step_command (&walk, AAK_SOCKET_COMMAND_LISTEN, 2);
  if ((request & AAK_MAY_NET_OPTION) != 0)
    step_command (&walk, AAK_SOCKET_COMMAND_OPTION, 4);
  return walk.state;
}

gboolean
aak_policy_mediates_inet (const AakPolicyProfile *profile, guint16 family, guint16 type)
{
  guint32 state = AAK_POLICY_DFA_NOMATCH;
  if ((family != AF_INET && family != AF_INET6)
      || !aak_policy_socket_type (profile, family, type, &state))
    return FALSE;
  return (aak_policy_db_perms (profile->rules, state, TRUE).allow & AAK_CONT_MATCH) != 0;
}

AakAnswer
aak_policy_query_inet (const AakPolicyProfile *profile, const AakInetSocket *socket,
                       guint32 request)
{
  guint32 type = AAK_POLICY_DFA_NOMATCH;
  if (!aak_policy_socket_type (profile, socket->family, socket->type, &type))
    return aak_policy_answer_unmediated (request);
  AakAnswer sum = { .mediated = TRUE, .requested = request };
  for (guint32 left = request; left != 0; left &= left - 1)
    {
      guint32 one = left & -left;
      guint32 state = decide (profile->rules, type, socket, one);
      AakAnswer answer =
          aak_policy_answer (profile, aak_policy_db_perms (profile->rules, state, TRUE), one);
      sum.denied |= answer.denied;
      sum.quiet |= answer.quiet;
      sum.audited |= answer.audited;
    }
  sum.allowed = sum.denied == 0;
  return sum;
}
