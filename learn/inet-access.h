/* SPDX-License-Identifier: GPL-2.0-or-later
 * The addresses and ports of an internet socket's use: as records tell them, and as much of them as
 * a state keeps (AAK_CLASS_INET). */
#pragma once

#include "learn/event.h"

/* From this one on, ports are given to clients as they come (the kernel's default of
 * net.ipv4.ip_local_port_range). */
#define AAK_INET_EPHEMERAL 32768

/* Below this one, to bind a port may need net_bind_service. */
#define AAK_INET_PRIVILEGED 1024

/* Of the details of an access (learn/access-fields.h). Ports are decimal. */
enum
{
  AAK_INET_TYPE,
  AAK_INET_ADDR,
  AAK_INET_PORT,
  AAK_INET_PEER_ADDR,
  AAK_INET_PEER_PORT,
  AAK_INET_DETAILS,
};

/* What is done at this end, and what with the other one. */
#define AAK_INET_LOCAL  (AAK_PERM_BIND | AAK_PERM_LISTEN | AAK_PERM_ACCEPT)
#define AAK_INET_REMOTE (AAK_PERM_CONNECT | AAK_PERM_SEND | AAK_PERM_RECEIVE)

/* TRUE for the sockets whose addresses rules can say: of family inet or inet6, type stream or
 * dgram. */
gboolean aak_inet_access_has_addresses (const char *family, const char *type);

/* An address of a socket, in network order. */
typedef struct
{
  guint8 bytes[16];
  gsize len; /* 4 or 16 */
} AakInetAddress;

/* Reads @text as an address that sockets of @family ("inet", "inet6") have, without a zone: an
 * inet6 socket has those of inet, too. FALSE where it is none. */
gboolean aak_inet_address_parse (const char *family, const char *text, AakInetAddress *out);
/* The way to write @address (inet_ntop(3)). The caller frees it. */
char *aak_inet_address_text (const AakInetAddress *address);

/* Reads the addresses of @out, a network event whose family, type and permissions are read, and
 * sets out->access to those that tell it from other uses, where there are any:
 *   - of bind, listen and accept, the own address and port;
 *   - of what a server sends and receives, its port, but not the client: that is the next one's
 *     turn to be another. A server is who has the lower port, below AAK_INET_EPHEMERAL;
 *   - else the other end's address and port. The own port stays where it is no ephemeral one.
 * Nothing where both ports are ephemeral: that does not tell who the server is. Returns NULL, or a
 * static text that says what is damaged. */
const char *aak_inet_access_read (const AakRecord *record, AakEvent *out);
