/* SPDX-License-Identifier: GPL-2.0-or-later
 * Of a socket the kernel writes laddr=, lport=, faddr=, fport=; Ubuntu's kernels add what is asked
 * for, as saddr=, src=, daddr=, dest= (security/lsm_audit.c, dump_common_audit_data()). It leaves
 * out addresses and ports that are zero. */
#include "config.h"

#include "learn/inet-access.h"

#include "learn/access-fields.h"
#include "learn/event-class.h"

#include <arpa/inet.h>
#include <string.h>

/* One end, as told. */
typedef struct
{
  char *address; /* "" where it is not told */
  guint port;    /* 0 where it is not told */
} End;

static void
end_clear (End *end)
{
  g_free (end->address);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

gboolean
aak_inet_access_has_addresses (const char *family, const char *type)
{
  return (strcmp (family, "inet") == 0 || strcmp (family, "inet6") == 0)
         && (strcmp (type, "stream") == 0 || strcmp (type, "dgram") == 0);
}

gboolean
aak_inet_address_parse (const char *family, const char *text, AakInetAddress *out)
{
  AakInetAddress address = { .len = 4 };
  if (inet_pton (AF_INET, text, address.bytes) != 1)
    {
      address.len = 16;
      if (strcmp (family, "inet6") != 0 || inet_pton (AF_INET6, text, address.bytes) != 1)
        return FALSE;
    }
  *out = address;
  return TRUE;
}

char *
aak_inet_address_text (const AakInetAddress *address)
{
  char text[INET6_ADDRSTRLEN];
  return g_strdup (
      inet_ntop (address->len == 4 ? AF_INET : AF_INET6, address->bytes, text, sizeof text));
}

/* --- reading --------------------------------------------------------------------------------- */

/* *@out stays where @key is not there. FALSE where it is no address. */
static gboolean
take_address (const AakRecord *record, const char *key, const char *family, char **out)
{
  g_autofree char *text = aak_event_take_word (record, key);
  if (text == NULL)
    return TRUE;
  AakInetAddress address;
  if (!aak_inet_address_parse (family, text, &address))
    return FALSE;
  g_free (*out);
  *out = aak_inet_address_text (&address);
  return TRUE;
}

static gboolean
take_port (const AakRecord *record, const char *key, guint *out)
{
  const AakField *field = aak_record_get (record, key);
  guint64 port = 0;
  if (field == NULL)
    return TRUE;
  if (!aak_span_to_uint (field->value, &port) || port > G_MAXUINT16)
    return FALSE;
  *out = (guint) port;
  return TRUE;
}

/* What is asked for goes before what the socket has. */
static gboolean
take_end (const AakRecord *record, const char *const keys[4], const char *family, End *out)
{
  out->address = g_strdup ("");
  return take_address (record, keys[0], family, &out->address)
         && take_port (record, keys[1], &out->port)
         && take_address (record, keys[2], family, &out->address)
         && take_port (record, keys[3], &out->port);
}

/* --- what is kept ---------------------------------------------------------------------------- */

static gboolean
is_ephemeral (guint port)
{
  return port >= AAK_INET_EPHEMERAL;
}

static char *
port_text (guint port)
{
  return port > 0 ? g_strdup_printf ("%u", port) : g_strdup ("");
}

static char *
pack (const char *type, const char *address, guint port, const char *peer, guint peer_port)
{
  g_autofree char *own = port_text (port), *other = port_text (peer_port);
  const char *const details[AAK_INET_DETAILS] = { type, address, own, peer, other };
  return aak_access_pack (AAK_CLASS_INET, details);
}

static char *
pack_local (const char *type, const End *own)
{
  return *own->address != '\0' || own->port > 0 ? pack (type, own->address, own->port, "", 0)
                                                : NULL;
}

static char *
pack_remote (const char *type, guint perms, const End *own, const End *peer)
{
  gboolean fixed = own->port > 0 && !is_ephemeral (own->port);
  gboolean connects = (perms & AAK_PERM_CONNECT) != 0;
  if (!connects && fixed && (peer->port == 0 || peer->port > own->port))
    return pack (type, "", own->port, "", 0);
  if (peer->port == 0 || (!connects && is_ephemeral (own->port) && is_ephemeral (peer->port)))
    return NULL;
  return pack (type, "", fixed ? own->port : 0, peer->address, peer->port);
}

const char *
aak_inet_access_read (const AakRecord *record, AakEvent *out)
{
  static const char *const own_keys[] = { "laddr", "lport", "saddr", "src" }, *const peer_keys[] = {
    "faddr", "fport", "daddr", "dest"
  };
  g_auto (End) own = { 0 }, peer = { 0 };
  if (!aak_inet_access_has_addresses (out->family, out->detail) || out->perms == 0)
    return NULL;
  if (!take_end (record, own_keys, out->family, &own)
      || !take_end (record, peer_keys, out->family, &peer))
    return "an address or a port is damaged";
  if ((out->perms & ~(guint) AAK_INET_LOCAL) == 0)
    out->access = pack_local (out->detail, &own);
  else if ((out->perms & ~(guint) AAK_INET_REMOTE) == 0)
    out->access = pack_remote (out->detail, out->perms, &own, &peer);
  return NULL;
}
