/* SPDX-License-Identifier: GPL-2.0-or-later
 * What compiled policy allows of internet sockets by their addresses. */
#include "config.h"

#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#define OWN                                                                            \
  (AAK_MAY_NET_GETATTR | AAK_MAY_NET_SETATTR | AAK_MAY_NET_GETOPT | AAK_MAY_NET_SETOPT \
   | AAK_MAY_NET_SHUTDOWN)
#define SERVE (AAK_MAY_NET_BIND | AAK_MAY_NET_LISTEN | AAK_MAY_NET_ACCEPT)
#define TALK  (AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE)

static const char *const files[] = { "inet-5.0-words.zst", "inet-5.0-table.zst" };

/* "" is an end without an address. */
typedef struct
{
  guint16 family;
  guint16 type;
  gboolean privileged;
  char own[24];
  guint16 port;
  char peer[24];
  guint16 peer_port;
  guint32 request;
  guint32 denied;
} Question;

/* What is asked is told by AF_INET where nothing else stands there. */
static const Question questions[] = {
  { AF_INET, SOCK_STREAM, FALSE, "0.0.0.0", 0, "", 0, AAK_MAY_NET_CREATE | OWN, 0 },
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 8080, "", 0, SERVE | TALK | OWN, 0 },
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 8081, "", 0, SERVE | TALK, SERVE },
  /* From the server's port to any client, but connecting nowhere. */
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 8080, "10.7.7.7", 50000, TALK, 0 },
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 8081, "10.7.7.7", 50000, TALK, TALK },
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 8080, "10.7.7.7", 50000, AAK_MAY_NET_CONNECT,
    AAK_MAY_NET_CONNECT },
  { AF_INET, SOCK_STREAM, FALSE, "10.9.9.9", 40000, "10.0.0.1", 5432, TALK | AAK_MAY_NET_CONNECT,
    0 },
  { AF_INET, SOCK_STREAM, FALSE, "0.0.0.0", 0, "10.0.0.1", 5433, AAK_MAY_NET_CONNECT,
    AAK_MAY_NET_CONNECT },
  { AF_INET, SOCK_STREAM, FALSE, "0.0.0.0", 0, "10.0.0.2", 5432, AAK_MAY_NET_CONNECT,
    AAK_MAY_NET_CONNECT },
  /* A rule for a privileged port is about nodes where it needs the capability. */
  { AF_INET6, SOCK_STREAM, TRUE, "::1", 80, "", 0, SERVE, 0 },
  { AF_INET6, SOCK_STREAM, FALSE, "::1", 80, "", 0, SERVE, AAK_MAY_NET_BIND },
  { AF_INET6, SOCK_STREAM, TRUE, "::", 80, "", 0, SERVE, SERVE },
  { AF_INET6, SOCK_STREAM, FALSE, "::", 0, "", 0, AAK_MAY_NET_CREATE | AAK_MAY_NET_SETOPT, 0 },
  { AF_INET6, SOCK_STREAM, FALSE, "::", 0, "", 0, AAK_MAY_NET_SHUTDOWN, AAK_MAY_NET_SHUTDOWN },
  { AF_INET6, SOCK_STREAM, FALSE, "::", 0, "::ffff:10.0.0.2", 6379, AAK_MAY_NET_CONNECT, 0 },
  { AF_INET6, SOCK_STREAM, FALSE, "::", 0, "10.0.0.2", 6379, AAK_MAY_NET_CONNECT,
    AAK_MAY_NET_CONNECT },
  /* A peer condition alone is none, as what it says of this end matches every peer. */
  { AF_INET6, SOCK_SEQPACKET, FALSE, "::", 0, "fd00::1", 1, AAK_MAY_NET_CONNECT, 0 },
  { AF_INET6, SOCK_SEQPACKET, FALSE, "::", 0, "fd00::2", 1, AAK_MAY_NET_CONNECT, 0 },
  { AF_INET, SOCK_DGRAM, TRUE, "0.0.0.0", 53, "", 0, AAK_MAY_NET_BIND, 0 },
  { AF_INET, SOCK_DGRAM, FALSE, "0.0.0.0", 53, "", 0, AAK_MAY_NET_BIND | TALK, 0 },
  { AF_INET, SOCK_DGRAM, FALSE, "0.0.0.0", 54, "10.0.0.1", 99, AAK_MAY_NET_CONNECT | TALK, TALK },
  { AF_INET, SOCK_SEQPACKET, FALSE, "0.0.0.0", 0, "", 0, AAK_MAY_NET_CREATE, AAK_MAY_NET_CREATE },
  /* Only internet sockets have addresses. */
  { AF_NETLINK, SOCK_RAW, FALSE, "", 0, "", 0, AAK_MAY_NET_CREATE | SERVE | TALK, 0 },
};

/* @bytes holds the address. */
static AakInetEnd
end_of (const char *text, guint16 port, guint8 *bytes)
{
  if (*text == '\0')
    return (AakInetEnd){ NULL, 0, port };
  gboolean is_new = strchr (text, ':') != NULL;
  cr_assert_eq (inet_pton (is_new ? AF_INET6 : AF_INET, text, bytes), 1);
  return (AakInetEnd){ bytes, is_new ? 16 : 4, port };
}

static void
ask_all (const AakPolicyProfile *profile)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      const Question *q = &questions[i];
      guint8 own[16], peer[16];
      const AakInetSocket socket = { .family = q->family,
                                     .type = q->type,
                                     .protocol = 6,
                                     .privileged = q->privileged,
                                     .local = end_of (q->own, q->port, own),
                                     .peer = end_of (q->peer, q->peer_port, peer) };
      AakAnswer answer = aak_policy_query_inet (profile, &socket, q->request);
      cr_expect_eq (answer.denied, q->denied, "question %zu: %x instead of %x", i, answer.denied,
                    q->denied);
      cr_expect_eq (answer.allowed, q->denied == 0);
      cr_expect (answer.mediated);
    }
}

static void
ask_without_address (const AakPolicyProfile *profile)
{
  cr_expect (aak_policy_mediates_inet (profile, AF_INET, SOCK_STREAM));
  cr_expect (aak_policy_mediates_inet (profile, AF_INET6, SOCK_STREAM));
  cr_expect_not (aak_policy_mediates_inet (profile, AF_NETLINK, SOCK_RAW));
  cr_expect_eq (aak_policy_query_network (profile, AF_INET, SOCK_STREAM,
                                          AAK_MAY_NET_CREATE | OWN | SERVE)
                    .denied,
                SERVE);
  cr_expect_eq (aak_policy_query_network (profile, AF_INET, SOCK_DGRAM, AAK_MAY_NET_CONNECT).denied,
                0);
}

Test (policy_inet, the_questions)
{
#ifdef HAVE_ZSTD
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) blob = fixture_policy_file (files[i]);
      g_autoptr (AakPolicySet) set = aak_policy_set_new (files[i], blob, &error);
      cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
      const AakPolicyProfile *profile = aak_policy_set_find (set, "zz-inet");
      cr_assert_not_null (profile);
      ask_all (profile);
      ask_without_address (profile);
    }
#else
  cr_skip ("built without zstd");
#endif
}

/* Where the kernel does not mediate addresses, family and type decide. */
Test (policy_inet, without_addresses)
{
  g_autoptr (GBytes) blob = fixture_web ();
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("web", blob, NULL);
  const guint8 address[] = { 10, 0, 0, 1 };
  const AakInetEnd end = { address, sizeof address, 5432 };
  const AakInetSocket socket = { .family = AF_INET,
                                 .type = SOCK_STREAM,
                                 .local = end,
                                 .peer = end };
  const AakPolicyProfile *profile = aak_policy_set_find (set, "zz-web");
  cr_assert_not_null (profile);
  cr_expect_not (aak_policy_mediates_inet (profile, AF_INET, SOCK_STREAM));
  AakAnswer fine = aak_policy_query_inet (profile, &socket, AAK_MAY_NET_ALL),
            coarse = aak_policy_query_network (profile, AF_INET, SOCK_STREAM, AAK_MAY_NET_ALL);
  cr_expect_eq (fine.denied, coarse.denied);
  cr_expect_eq (fine.allowed, coarse.allowed);
}
