/* SPDX-License-Identifier: GPL-2.0-or-later
 * Servers by their ports, clients by where they connect to. */
#include "config.h"

#include "learn/inet-rules.h"

#include "learn/access-fields.h"
#include "learn/inet-access.h"

#include <string.h>

/* What a socket does for itself, with no address. */
#define OWN                                                                                  \
  (AAK_PERM_CREATE | AAK_PERM_GETATTR | AAK_PERM_SETATTR | AAK_PERM_GETOPT | AAK_PERM_SETOPT \
   | AAK_PERM_SHUTDOWN)
struct AakInetRules
{
  GHashTable *servers; /* set of "FAMILY TYPE PORT": somebody listens there */
  GHashTable *counts;  /* "FAMILY TYPE" -> number of accesses with rules of their own */
  gboolean exact;
};

/* --- what is there --------------------------------------------------------------------------- */

static char *
kind_of (const char *family, const char *type)
{
  return g_strdup_printf ("%s %s", family, type);
}

static char *
server_of (const char *family, char *const *details)
{
  return g_strdup_printf ("%s %s %s", family, details[AAK_INET_TYPE], details[AAK_INET_PORT]);
}

/* TRUE where @details, which name a peer, are those of a server's connection: its client had a port
 * that told nothing. */
static gboolean
is_of_server (const AakInetRules *rules, const char *family, char *const *details)
{
  g_autofree char *server = server_of (family, details);
  return *details[AAK_INET_PORT] != '\0' && g_hash_table_contains (rules->servers, server);
}

static void
note_server (AakInetRules *rules, const AakObservation *access)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, access->detail);
  if (details != NULL && (access->perms & AAK_INET_LOCAL) != 0)
    g_hash_table_add (rules->servers, server_of (access->name, details));
}

static void
count (AakInetRules *rules, const AakObservation *access)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, access->detail);
  if (details == NULL || is_of_server (rules, access->name, details))
    return;
  char *kind = kind_of (access->name, details[AAK_INET_TYPE]);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (rules->counts, kind));
  g_hash_table_insert (rules->counts, kind, GUINT_TO_POINTER (n + 1));
}

AakInetRules *
aak_inet_rules_new (const GPtrArray *sorted, gboolean exact)
{
  AakInetRules *rules = g_new0 (AakInetRules, 1);
  rules->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rules->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rules->exact = exact;
  for (guint i = 0; i < sorted->len; i++)
    if (((const AakObservation *) sorted->pdata[i])->class == AAK_CLASS_INET)
      note_server (rules, sorted->pdata[i]);
  for (guint i = 0; i < sorted->len; i++)
    if (((const AakObservation *) sorted->pdata[i])->class == AAK_CLASS_INET)
      count (rules, sorted->pdata[i]);
  return rules;
}

void
aak_inet_rules_free (AakInetRules *rules)
{
  g_hash_table_unref (rules->servers);
  g_hash_table_unref (rules->counts);
  g_free (rules);
}

static guint
count_of (const AakInetRules *rules, const char *family, const char *type)
{
  g_autofree char *kind = kind_of (family, type);
  return GPOINTER_TO_UINT (g_hash_table_lookup (rules->counts, kind));
}

gboolean
aak_inet_rules_has (const AakInetRules *rules, const char *family, const char *type)
{
  guint n = count_of (rules, family, type);
  return n > 0 && (rules->exact || n <= AAK_INET_RULES_MAX);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* A rule for @perms, with those of @details that are named, in the order of the words. */
static AakRule *
rule_new (const AakObservation *access, const char *const *details, guint perms)
{
  AakRule *rule = g_new0 (AakRule, 1);
  rule->class = AAK_CLASS_INET;
  rule->name = g_strdup (access->name);
  rule->detail = aak_access_pack (AAK_CLASS_INET, details);
  rule->perms = perms;
  return rule;
}

static AakRule *
base_rule (const AakObservation *access, const char *type)
{
  AakRule *rule = g_new0 (AakRule, 1);
  rule->class = AAK_CLASS_NETWORK;
  rule->name = g_strdup (access->name);
  rule->detail = g_strdup (type);
  return rule;
}

/* A socket that is bound, and then listens. A privileged port cannot be named where it is bound:
 * apparmor_parser (4.1, 5.0) writes such rules for nodes where the port needs a capability, and
 * whether it does, the pod's sysctl net.ipv4.ip_unprivileged_port_start decides. */
static void
add_local (GPtrArray *out, const AakObservation *access, char *const *details)
{
  const char *type = details[AAK_INET_TYPE], *address = details[AAK_INET_ADDR],
             *port = details[AAK_INET_PORT];
  const char *const named[] = { type, address, port, NULL, NULL };
  const char *const any_port[] = { type, address, NULL, NULL, NULL };
  guint64 number = 0;
  gboolean privileged =
      g_ascii_string_to_unsigned (port, 10, 1, AAK_INET_PRIVILEGED - 1, &number, NULL);
  if ((access->perms & AAK_PERM_BIND) != 0)
    {
      AakRule *rule = rule_new (access, privileged ? any_port : named, AAK_PERM_BIND);
      rule->pass = privileged ? "privileged port" : NULL;
      g_ptr_array_add (out, rule);
    }
  if ((access->perms & (AAK_PERM_LISTEN | AAK_PERM_ACCEPT)) != 0)
    g_ptr_array_add (out, rule_new (access, named, AAK_PERM_LISTEN | AAK_PERM_ACCEPT));
}

/* A connection: of a server from its port to anybody, of a client to the other end. */
static void
add_remote (GPtrArray *out, const AakInetRules *rules, const AakObservation *access,
            char *const *details)
{
  const char *type = details[AAK_INET_TYPE];
  const char *const server[] = { type, NULL, details[AAK_INET_PORT], NULL, NULL };
  const char *const client[] = { type, NULL, NULL, details[AAK_INET_PEER_ADDR],
                                 details[AAK_INET_PEER_PORT] };
  gboolean serves =
      (access->perms & AAK_PERM_CONNECT) == 0
      && (*details[AAK_INET_PEER_PORT] == '\0' || is_of_server (rules, access->name, details));
  if ((access->perms & AAK_INET_REMOTE) != 0)
    g_ptr_array_add (out, rule_new (access, serves ? server : client,
                                    serves ? AAK_PERM_SEND | AAK_PERM_RECEIVE : AAK_INET_REMOTE));
}

GPtrArray *
aak_inet_rules_for (const AakInetRules *rules, const AakObservation *access)
{
  GPtrArray *out = g_ptr_array_new ();
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, access->detail);
  guint n = count_of (rules, access->name, details[AAK_INET_TYPE]);
  AakRule *base = base_rule (access, details[AAK_INET_TYPE]);
  g_ptr_array_add (out, base);
  base->addressed = rules->exact || n <= AAK_INET_RULES_MAX;
  if (!base->addressed)
    {
      base->pass = "addresses";
      return out;
    }
  add_local (out, access, details);
  add_remote (out, rules, access, details);
  return out;
}

/* --- text ------------------------------------------------------------------------------------ */

/* Any port of one's own. It goes with each condition on a peer: without a port of its own, what
 * apparmor_parser makes of the rule for this end matches any peer as well, and the kernel, which
 * asks for the peer first, is content with that (network.cc, gen_ip_conds(); af_inet.c,
 * match_to_cmd()). */
#define ANY_PORT " port=0-65535"

static void
append_conditions (GString *out, const char *address, const char *port)
{
  if (*address != '\0')
    g_string_append_printf (out, " ip=%s", address);
  if (*port != '\0')
    g_string_append_printf (out, " port=%s", port);
}

char *
aak_inet_rule_text (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, rule->detail);
  g_autofree char *access = aak_perms_to_text (rule->perms);
  g_autoptr (GString) peer = g_string_new (NULL);
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "network (%s) %s %s", access, rule->name, details[AAK_INET_TYPE]);
  append_conditions (out, details[AAK_INET_ADDR], details[AAK_INET_PORT]);
  append_conditions (peer, details[AAK_INET_PEER_ADDR], details[AAK_INET_PEER_PORT]);
  if (peer->len > 0)
    g_string_append_printf (out, ANY_PORT " peer=(%s)", peer->str + 1);
  g_string_append_c (out, ',');
  return g_string_free (out, FALSE);
}

/* The kernel asks for what goes through a connected socket with no address (af_inet.c,
 * aa_inet_msg_perm()): who may be connected to is decided elsewhere. */
char *
aak_inet_rule_narrow_text (const AakRule *rule)
{
  guint connected = (AAK_PERM_SEND | AAK_PERM_RECEIVE) & ~rule->perms;
  g_autofree char *own = aak_perms_to_text (rule->perms | OWN);
  g_autofree char *rest = aak_perms_to_text (connected);
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "network (%s) %s %s,", own, rule->name, rule->detail);
  if (connected != 0)
    g_string_append_printf (out, " network (%s) %s %s" ANY_PORT " peer=(ip=none),", rest,
                            rule->name, rule->detail);
  return g_string_free (out, FALSE);
}

/* --- soundness ------------------------------------------------------------------------------- */

static gboolean
is_port (const char *text)
{
  guint64 port = 0;
  return *text == '\0' || g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL);
}

static gboolean
is_address (const char *family, const char *text)
{
  AakInetAddress address;
  if (*text == '\0')
    return TRUE;
  if (!aak_inet_address_parse (family, text, &address))
    return FALSE;
  g_autofree char *own = aak_inet_address_text (&address);
  return strcmp (own, text) == 0;
}

gboolean
aak_inet_rule_is_sound (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_INET, rule->detail);
  return details != NULL && aak_inet_access_has_addresses (rule->name, details[AAK_INET_TYPE])
         && is_address (rule->name, details[AAK_INET_ADDR]) && is_port (details[AAK_INET_PORT])
         && is_address (rule->name, details[AAK_INET_PEER_ADDR])
         && is_port (details[AAK_INET_PEER_PORT]);
}
