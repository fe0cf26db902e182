/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Questions about sockets: by family and type, or by the addresses of both ends. */
#include "config.h"

#include "lib/policy/question-class.h"

#include "lib/error.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* Below this one, ports need net_bind_service (net.ipv4.ip_unprivileged_port_start). */
#define FIRST_PORT_OF_ALL 1024

/* The permissions of the word *@at, which is then the next one, where it is not KEY=VALUE. */
static gboolean
read_mask (const AakAsked *asked, guint *at, guint32 *out_mask, GError **error)
{
  if (*at >= asked->n || strchr (asked->words[*at], '=') != NULL)
    return TRUE;
  const char *word = asked->words[(*at)++];
  return aak_policy_perms_parse (AAK_PERM_WORDS_NETWORK, word, out_mask)
         || aak_asked_bad_word (error, "no permissions of sockets", word);
}

/* --- internet sockets ------------------------------------------------------------------------ */

/* The words for both ends; NULL where there is none. */
typedef struct
{
  const char *address, *port, *peer_address, *peer_port;
} Ends;

/* An address of @family: @text may be NULL for the one that is all zero, or "none". @out points
 * into
 * @bytes. */
static gboolean
read_inet_address (guint family, const char *text, guint8 *bytes, AakInetEnd *out, GError **error)
{
  gsize len = family == AF_INET6 ? sizeof (struct in6_addr) : sizeof (struct in_addr);
  memset (bytes, 0, len);
  out->address = bytes;
  out->len = g_strcmp0 (text, "none") == 0 ? 0 : len;
  return text == NULL || out->len == 0 || inet_pton ((int) family, text, bytes) == 1
         || aak_asked_bad_word (error, "no address of this family", text);
}

static gboolean
read_port (const char *text, AakInetEnd *out, GError **error)
{
  guint64 port = 0;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &port, NULL))
    return aak_asked_bad_word (error, "no port", text);
  out->port = (guint16) port;
  return TRUE;
}

static gboolean
ask_inet (const AakAsked *asked, const Ends *ends, AakInetSocket *socket, guint32 mask,
          AakReply *out, GError **error)
{
  guint8 own[sizeof (struct in6_addr)], others[sizeof (struct in6_addr)];
  const char *peer =
      ends->peer_address == NULL && ends->peer_port == NULL ? "none" : ends->peer_address;
  if (socket->family != AF_INET && socket->family != AF_INET6)
    return aak_asked_bad_word (error, "addresses and ports are those of inet and inet6",
                               asked->words[0]);
  if (!read_inet_address (socket->family, ends->address, own, &socket->local, error)
      || !read_inet_address (socket->family, peer, others, &socket->peer, error)
      || !read_port (ends->port, &socket->local, error)
      || !read_port (ends->peer_port, &socket->peer, error))
    return FALSE;
  socket->privileged = socket->local.port > 0 && socket->local.port < FIRST_PORT_OF_ALL;
  out->answer = aak_policy_query_inet (asked->profile, socket, mask);
  return TRUE;
}

gboolean
aak_asked_network (const AakAsked *asked, AakReply *out, GError **error)
{
  guint family = 0, type = 0, at = 2;
  guint32 mask = AAK_MAY_NET_ALL;
  Ends ends = { NULL };
  const AakAskedPart parts[] = { { "addr=", &ends.address },
                                 { "port=", &ends.port },
                                 { "peer_addr=", &ends.peer_address },
                                 { "peer_port=", &ends.peer_port } };
  if (!aak_policy_family_number (asked->words[0], &family))
    return aak_asked_bad_word (error, "no family of addresses", asked->words[0]);
  if (!aak_policy_socket_type_number (asked->words[1], &type))
    return aak_asked_bad_word (error, "no type of sockets", asked->words[1]);
  if (!read_mask (asked, &at, &mask, error)
      || !aak_asked_parts (asked, at, parts, G_N_ELEMENTS (parts), error))
    return FALSE;
  out->words = AAK_PERM_WORDS_NETWORK;
  AakInetSocket socket = { .family = (guint16) family, .type = (guint16) type };
  if (at < asked->n)
    return ask_inet (asked, &ends, &socket, mask, out, error);
  out->answer = aak_policy_query_network (asked->profile, socket.family, socket.type, mask);
  return TRUE;
}

/* --- unix sockets ---------------------------------------------------------------------------- */

/* "none", a path, or "@" and an abstract name. @out_bytes keeps what @out points into. */
static gboolean
read_unix_address (const char *word, GString **out_bytes, AakName *out, GError **error)
{
  if (strcmp (word, "none") == 0)
    return TRUE;
  if (*word != '/' && *word != '@')
    return aak_asked_bad_word (error, "neither none, a path, nor @NAME", word);
  *out_bytes = g_string_new (word);
  if (*word == '@')
    (*out_bytes)->str[0] = '\0';
  *out = (AakName){ (*out_bytes)->str, (*out_bytes)->len };
  return TRUE;
}

gboolean
aak_asked_unix (const AakAsked *asked, AakReply *out, GError **error)
{
  const char *address = NULL, *peer_address = NULL, *peer = NULL;
  const AakAskedPart parts[] = { { "addr=", &address },
                                 { "peer_addr=", &peer_address },
                                 { "peer=", &peer } };
  guint type = 0;
  guint32 mask = AAK_MAY_NET_ALL;
  if (!aak_policy_socket_type_number (asked->words[0], &type))
    return aak_asked_bad_word (error, "no type of sockets", asked->words[0]);
  guint at = 1;
  if (!read_mask (asked, &at, &mask, error)
      || !aak_asked_parts (asked, at, parts, G_N_ELEMENTS (parts), error))
    return FALSE;
  out->words = AAK_PERM_WORDS_NETWORK;
  if (address == NULL && peer_address == NULL && peer == NULL)
    {
      out->answer = aak_policy_query_network (asked->profile, AF_UNIX, (guint16) type, mask);
      return TRUE;
    }
  g_autoptr (GString) own = NULL;
  g_autoptr (GString) others = NULL;
  AakUnixSocket socket = { .type = (guint16) type, .peer = peer };
  if ((address != NULL && !read_unix_address (address, &own, &socket.address, error))
      || (peer_address != NULL
          && !read_unix_address (peer_address, &others, &socket.peer_address, error)))
    return FALSE;
  out->answer = aak_policy_query_unix (asked->profile, &socket, mask);
  return TRUE;
}
