/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The way to the rules of one kind of socket: shared by the files that ask about sockets. */
#pragma once

#include "lib/policy/query.h"

/* What follows a socket's own address: what is done with it. */
#define AAK_SOCKET_COMMAND_PEER   1
#define AAK_SOCKET_COMMAND_LISTEN 2
#define AAK_SOCKET_COMMAND_OPTION 4

/* Which permissions are asked of a socket's own end alone, of both ends, and of its options. */
#define AAK_MAY_NET_LOCAL                                                            \
  (AAK_MAY_NET_BIND | AAK_MAY_NET_ACCEPT | AAK_MAY_NET_GETATTR | AAK_MAY_NET_SETATTR \
   | AAK_MAY_NET_SHUTDOWN)
#define AAK_MAY_NET_PEER \
  (AAK_MAY_NET_CONNECT | AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE | AAK_MAY_NET_ACCEPT)
#define AAK_MAY_NET_OPTION (AAK_MAY_NET_GETOPT | AAK_MAY_NET_SETOPT)

/* The state behind @number, as two bytes, the higher one first. */
guint32 aak_policy_socket_number (const AakPolicyDb *db, guint32 state, guint16 number);

/* Behind family (AF_*) and type (SOCK_*). FALSE: @profile does not mediate sockets. */
gboolean aak_policy_socket_type (const AakPolicyProfile *profile, guint16 family, guint16 type,
                                 guint32 *out_state);

/* Behind the protocol of unix sockets of @type (SOCK_*), where rules for these begin. FALSE:
 * @profile has none, and decides by family and type. */
gboolean aak_policy_socket_unix (const AakPolicyProfile *profile, guint16 type, guint32 *out_state);
