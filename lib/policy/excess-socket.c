/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares sockets: by family and type, then by what may be behind these. */
#include "config.h"

#include "lib/policy/excess-class.h"

#include "lib/policy/excess-plain.h"
#include "lib/policy/names.h"
#include "lib/policy/socket.h"

#include <sys/socket.h>

/* Behind family and type. */
static AakPolicySide
socket_side (const AakPolicyProfile *profile, guint family, guint type)
{
  AakPolicySide side = aak_excess_side (profile, AAK_POLICY_CLASS_NETWORK_V9);
  if (side.db == NULL)
    side = aak_excess_side (profile, AAK_POLICY_CLASS_NETWORK);
  const guint8 bytes[] = { 0, (guint8) family, 0, (guint8) type };
  if (side.db != NULL)
    side.start = aak_policy_db_match (side.db, side.start, bytes, sizeof bytes);
  return side;
}

/* Behind the protocol, where rules for unix sockets begin; else all or nothing is allowed. */
static AakPolicySide
unix_side (const AakPolicyProfile *profile, guint type, gboolean *out_fine)
{
  AakPolicySide side = socket_side (profile, AF_UNIX, type);
  guint32 start = AAK_POLICY_DFA_NOMATCH;
  *out_fine = side.db != NULL && aak_policy_socket_unix (profile, (guint16) type, &start);
  if (side.db == NULL)
    return side;
  gboolean all = (aak_policy_db_perms (side.db, side.start, TRUE).allow & AAK_MAY_NET_CREATE) != 0;
  if (*out_fine)
    side.start = start;
  else if (all)
    side.db = NULL;
  else
    side.start = AAK_POLICY_DFA_NOMATCH;
  return side;
}

/* Says "@text, some addresses" where the one allows more than the other and more than @known behind
 * the sides' starts, whatever names are like there. */
static gboolean
compare_somewhere (AakExcessComparison *c, AakPolicySide one, AakPolicySide other, guint32 known,
                   const char *class, const char *text, GError **error)
{
  if (one.db == NULL || other.db == NULL || one.start == AAK_POLICY_DFA_NOMATCH)
    return TRUE;
  g_autoptr (AakPolicyProduct) product =
      aak_policy_product_new (aak_policy_shape_socket (), one, other, error);
  if (product == NULL)
    return FALSE;
  if (aak_excess_any (product, known))
    aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, class,
                    g_strdup_printf ("%s, some addresses", text));
  return TRUE;
}

static gboolean
compare_unix_type (AakExcessComparison *c, guint type, GError **error)
{
  gboolean fine[2];
  AakPolicySide one = unix_side (c->profile, type, &fine[0]),
                other = unix_side (c->other, type, &fine[1]);
  const char *word = aak_policy_socket_type_name (type);
  g_autofree char *set =
      word != NULL ? g_strdup_printf ("type=%s", word) : g_strdup_printf ("type=%u", type);
  guint before = c->excess->len;
  if ((!fine[0] && !fine[1]) || other.db == NULL)
    return TRUE;
  if (!aak_excess_compare (c, aak_policy_shape_unix (), one, other, set, error))
    return FALSE;
  /* Rules may be about addresses that the shape leaves out. */
  g_autofree char *text = g_strdup_printf ("unix %s", set);
  return c->excess->len > before || compare_somewhere (c, one, other, 0, "unix", text, error);
}

static gboolean
compare_unix (AakExcessComparison *c, GError **error)
{
  /* The kernel makes no others (net/unix/af_unix.c, unix_create()). */
  static const guint types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (!compare_unix_type (c, types[i], error))
      return FALSE;
  return TRUE;
}

/* What is behind the types of other families are addresses: it is said whether they differ. */
static gboolean
compare_addresses (AakExcessComparison *c, guint family, guint type, GError **error)
{
  AakPolicySide one = socket_side (c->profile, family, type),
                other = socket_side (c->other, family, type);
  /* What the type alone allows is allowed with every address. */
  guint32 known =
      other.db != NULL ? aak_policy_db_perms (other.db, other.start, TRUE).allow : G_MAXUINT32;
  g_autofree char *text = aak_excess_socket_text (family, type);
  return compare_somewhere (c, one, other, known, "network", text, error);
}

gboolean
aak_excess_sockets (AakExcessComparison *c, GError **error)
{
  aak_excess_network (c->excess, c->profile, c->other);
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    if (!compare_addresses (c, AF_INET, type, error)
        || !compare_addresses (c, AF_INET6, type, error))
      return FALSE;
  return compare_unix (c, error);
}
