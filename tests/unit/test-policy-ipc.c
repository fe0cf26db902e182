/* SPDX-License-Identifier: GPL-2.0-or-later
 * What compiled policy allows of sockets by their addresses, of buses, queues, rings and limits. */
#include "config.h"

#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#include <sys/socket.h>

static const char *const files[] = { "ipc-4.1-words.zst", "ipc-5.0-table.zst" };

/* The profile of one of @files; the caller frees @out_set. */
static const AakPolicyProfile *
load (gsize which, AakPolicySet **out_set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob = fixture_policy_file (files[which]);
  *out_set = aak_policy_set_new (files[which], blob, &error);
  cr_assert_not_null (*out_set, "%s", error != NULL ? error->message : "");
  const AakPolicyProfile *profile = aak_policy_set_find (*out_set, "zz-ipc");
  cr_assert_not_null (profile);
  return profile;
}

#ifdef HAVE_ZSTD
#define EVERY_POLICY(name)                             \
  static void test_##name (const AakPolicyProfile *p); \
  Test (policy_ipc, name)                              \
  {                                                    \
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++)   \
      {                                                \
        g_autoptr (AakPolicySet) set = NULL;           \
        test_##name (load (i, &set));                  \
      }                                                \
  }                                                    \
  static void test_##name (const AakPolicyProfile *p)
#else
#define EVERY_POLICY(name)                                           \
  G_GNUC_UNUSED static void test_##name (const AakPolicyProfile *p); \
  Test (policy_ipc, name)                                            \
  {                                                                  \
    cr_skip ("built without zstd");                                  \
  }                                                                  \
  static void test_##name (const AakPolicyProfile *p)
#endif

/* --- unix sockets ---------------------------------------------------------------------------- */

static AakName
abstract (const char *name_with_nul, gsize len)
{
  return (AakName){ name_with_nul, len };
}

#define OWN abstract ("\0own", 4)
#define SRV abstract ("\0srv", 4)

static guint32
denied (const AakPolicyProfile *p, guint16 type, AakName own, AakName peer_address,
        const char *peer, guint32 request)
{
  const AakUnixSocket socket = { type, own, peer_address, peer };
  AakAnswer answer = aak_policy_query_unix (p, &socket, request);
  cr_expect (answer.mediated);
  cr_expect_eq (answer.allowed, answer.denied == 0);
  return answer.denied;
}

EVERY_POLICY (unix_sockets_of_ones_own)
{
  const AakName none = { NULL, 0 };
  const guint32 begin = AAK_MAY_NET_CREATE | AAK_MAY_NET_GETATTR | AAK_MAY_NET_SETOPT;
  cr_expect_eq (denied (p, SOCK_STREAM, none, none, NULL, begin), 0);
  cr_expect_eq (denied (p, SOCK_STREAM, OWN, none, NULL, begin | AAK_MAY_NET_GETOPT), 0);
  cr_expect_eq (denied (p, SOCK_RAW, none, none, NULL, begin), begin);
  cr_expect_eq (denied (p, SOCK_STREAM, OWN, none, NULL, AAK_MAY_NET_BIND | AAK_MAY_NET_LISTEN), 0);
  cr_expect_eq (denied (p, SOCK_STREAM, SRV, none, NULL, AAK_MAY_NET_BIND | AAK_MAY_NET_LISTEN),
                AAK_MAY_NET_BIND | AAK_MAY_NET_LISTEN);
  cr_expect_eq (denied (p, SOCK_STREAM, OWN, none, NULL, AAK_MAY_NET_BIND | AAK_MAY_NET_SHUTDOWN),
                AAK_MAY_NET_SHUTDOWN);
  cr_expect_eq (denied (p, SOCK_STREAM, abstract ("\0owner", 6), none, NULL, AAK_MAY_NET_BIND),
                AAK_MAY_NET_BIND);
  cr_expect_eq (denied (p, SOCK_STREAM, aak_name ("own"), none, NULL, AAK_MAY_NET_BIND),
                AAK_MAY_NET_BIND);
}

EVERY_POLICY (unix_sockets_and_their_peers)
{
  const AakName none = { NULL, 0 };
  const guint32 talk = AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE | AAK_MAY_NET_CONNECT;
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "peer", talk), 0);
  cr_expect_eq (denied (p, SOCK_STREAM, none, OWN, "peer", talk), talk);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "other", talk), talk);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, NULL, talk), talk);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "peer", talk | AAK_MAY_NET_ACCEPT),
                AAK_MAY_NET_ACCEPT);
  cr_expect_eq (denied (p, SOCK_SEQPACKET, none, none, "peer", AAK_MAY_NET_ACCEPT), 0);
  cr_expect_eq (denied (p, SOCK_SEQPACKET, none, none, NULL, AAK_MAY_NET_ACCEPT), 0);
  cr_expect_eq (denied (p, SOCK_SEQPACKET, none, none, "q", AAK_MAY_NET_ACCEPT),
                AAK_MAY_NET_ACCEPT);
  /* The kernel looks at each profile of a stack by itself. */
  cr_expect_eq (denied (p, SOCK_DGRAM, none, none, "A//&B", AAK_MAY_NET_SEND), AAK_MAY_NET_SEND);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "peer//&peer", talk), 0);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "peer//&q", talk), talk);
  cr_expect_eq (denied (p, SOCK_STREAM, none, SRV, "peer", AAK_MAY_USERNS_CREATE),
                AAK_MAY_USERNS_CREATE);
}

EVERY_POLICY (other_sockets)
{
  cr_expect (aak_policy_query_network (p, AF_INET, SOCK_STREAM, AAK_MAY_NET_ALL).allowed);
  cr_expect_not (aak_policy_query_network (p, AF_INET, SOCK_DGRAM, AAK_MAY_NET_CREATE).allowed);
}

/* --- buses, queues, rings -------------------------------------------------------------------- */

EVERY_POLICY (dbus)
{
  const AakDbusMessage allowed = { aak_name ("system"), aak_name ("n"), "q",
                                   aak_name ("/p"),     aak_name ("i"), aak_name ("m") };
  AakDbusMessage other = allowed;
  cr_expect (aak_policy_query_dbus_message (p, &allowed, AAK_MAY_DBUS_SEND).allowed);
  cr_expect_eq (aak_policy_query_dbus_message (p, &allowed, 6).denied, AAK_MAY_DBUS_RECEIVE);
  other.peer = "r";
  cr_expect_not (aak_policy_query_dbus_message (p, &other, AAK_MAY_DBUS_SEND).allowed);
  other = allowed;
  other.member = aak_name ("mm");
  cr_expect_not (aak_policy_query_dbus_message (p, &other, AAK_MAY_DBUS_SEND).allowed);
  other = allowed;
  other.bus = aak_name ("session");
  cr_expect_not (aak_policy_query_dbus_message (p, &other, AAK_MAY_DBUS_SEND).allowed);
  AakName session = aak_name ("session"), system = aak_name ("system");
  cr_expect (aak_policy_query_dbus_bind (p, session, aak_name ("org.x")).allowed);
  cr_expect_not (aak_policy_query_dbus_bind (p, session, aak_name ("org.y")).allowed);
  cr_expect_not (aak_policy_query_dbus_bind (p, system, aak_name ("org.x")).allowed);
  cr_expect (aak_policy_query_dbus_eavesdrop (p, session).allowed);
  cr_expect_not (aak_policy_query_dbus_eavesdrop (p, system).allowed);
}

EVERY_POLICY (message_queues)
{
  const guint32 read = AAK_MAY_READ | AAK_MAY_OPEN;
  cr_expect (aak_policy_query_posix_mqueue (p, aak_name ("/q"), read).allowed);
  cr_expect_not (aak_policy_query_posix_mqueue (p, aak_name ("/qq"), read).allowed);
  cr_expect_eq (aak_policy_query_posix_mqueue (p, aak_name ("/q"), read | AAK_MAY_WRITE).denied,
                AAK_MAY_WRITE);
  cr_expect (aak_policy_query_sysv_mqueue (p, 7, AAK_MAY_WRITE).allowed);
  cr_expect_not (aak_policy_query_sysv_mqueue (p, 7, AAK_MAY_READ).allowed);
  cr_expect_not (aak_policy_query_sysv_mqueue (p, 8, AAK_MAY_WRITE).allowed);
  cr_expect (aak_policy_query_sysv_mqueue (p, 7, AAK_MAY_WRITE).mediated);
}

EVERY_POLICY (io_uring_and_user_namespaces)
{
  cr_expect (aak_policy_query_io_uring (p, NULL, AAK_MAY_URING_SQPOLL).allowed);
  cr_expect (aak_policy_query_io_uring (p, "other", AAK_MAY_URING_OVERRIDE).allowed);
  cr_expect_not (aak_policy_query_io_uring (p, "another", AAK_MAY_URING_OVERRIDE).allowed);
  AakAnswer userns = aak_policy_query_userns (p);
  cr_expect (userns.allowed && userns.mediated);
}

/* --- limits and changes of profile ------------------------------------------------------------ */

EVERY_POLICY (limits)
{
  AakAnswer within = aak_policy_query_limit (p, 7, 1024);
  cr_expect (within.allowed && within.mediated);
  cr_expect_not (aak_policy_query_limit (p, 7, 1025).allowed);
  AakAnswer unset = aak_policy_query_limit (p, 6, G_MAXUINT64);
  cr_expect (unset.allowed && !unset.mediated);
  cr_expect (aak_policy_query_limit (p, G_MAXUINT, 1).allowed);
}

EVERY_POLICY (changes_of_profile)
{
  cr_expect (aak_policy_query_onexec (p, "other").allowed);
  cr_expect_not (aak_policy_query_onexec (p, "stacked").allowed);
  cr_expect (aak_policy_query_change_profile (p, NULL, "&stacked").allowed);
  cr_expect_not (aak_policy_query_change_profile (p, NULL, "stacked").allowed);
}
