/* SPDX-License-Identifier: GPL-2.0-or-later
 * Questions about the addresses of internet sockets. */
#include "config.h"

#include "learn/coverage-class.h"

#include "learn/access-fields.h"
#include "learn/inet-access.h"

#include <string.h>

/* The addresses of a question; an end points into them. */
typedef struct
{
  AakInetAddress own;
  AakInetAddress peer;
} Addresses;

/* The address that @text names. The kernel leaves out the one that is all zero. FALSE where it is
 * none of @family. */
static gboolean
read_address (const char *family, const char *text, AakInetAddress *out)
{
  const char *any = strcmp (family, "inet6") == 0 ? "::" : "0.0.0.0";
  return aak_inet_address_parse (family, *text != '\0' ? text : any, out);
}

static gboolean
read_port (const char *text, guint16 *out)
{
  guint64 port = 0;
  gboolean is_port =
      *text == '\0' || g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &port, NULL);
  *out = (guint16) port;
  return is_port;
}

static gboolean
read_ends (const char *family, char *const *details, Addresses *addresses, AakInetSocket *out)
{
  if (!read_address (family, details[AAK_INET_ADDR], &addresses->own)
      || !read_address (family, details[AAK_INET_PEER_ADDR], &addresses->peer)
      || !read_port (details[AAK_INET_PORT], &out->local.port)
      || !read_port (details[AAK_INET_PEER_PORT], &out->peer.port))
    return FALSE;
  out->local.address = addresses->own.bytes;
  out->local.len = addresses->own.len;
  out->peer.address = addresses->peer.bytes;
  out->peer.len = addresses->peer.len;
  return TRUE;
}

static AakCoverage
ask (const AakCoverageQuestion *asked, const AakInetSocket *socket, guint32 request)
{
  return aak_coverage_judge (aak_policy_query_inet (asked->profile, socket, request),
                             AAK_PERM_WORDS_NETWORK);
}

/* Of a server's connections the other end is not kept; and what is connected sends and receives
 * without naming it. Whether a low port needs a capability, the node decides. */
AakCoverage
aak_coverage_ask_inet (const AakCoverageQuestion *asked)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, asked->access->detail);
  Addresses addresses;
  AakInetSocket socket = { 0 };
  guint family = 0, type = 0;
  guint32 request = 0;
  if (details == NULL || !read_ends (asked->access->name, details, &addresses, &socket))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  if (!aak_coverage_number (asked->access->name, aak_policy_family_number, &family)
      || !aak_coverage_number (details[AAK_INET_TYPE], aak_policy_socket_type_number, &type))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  if (!aak_coverage_perms (AAK_PERM_WORDS_NETWORK, asked->access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  socket.family = (guint16) family;
  socket.type = (guint16) type;
  AakInetSocket connected = socket, privileged = socket;
  connected.peer = (AakInetEnd){ NULL, 0, 0 };
  privileged.privileged = TRUE;
  gboolean serves = *details[AAK_INET_PEER_PORT] == '\0';
  guint32 through = request & (AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE);
  AakCoverage sum = ask (asked, serves ? &connected : &socket, request);
  if (through != 0)
    sum = aak_coverage_join (sum, ask (asked, &connected, through));
  if ((request & AAK_MAY_NET_BIND) != 0 && socket.local.port < AAK_INET_PRIVILEGED)
    sum = aak_coverage_join (sum, ask (asked, &privileged, AAK_MAY_NET_BIND));
  return sum;
}
