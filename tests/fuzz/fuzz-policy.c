/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as compiled policy that is asked questions. */
#include "lib/policy/excess.h"
#include "lib/policy/query.h"
#include "lib/policy/reach.h"
#include "tests/fuzz/fuzz.h"

/* What must hold for every answer. */
static void
check (AakAnswer answer)
{
  g_assert (answer.allowed == (answer.denied == 0));
  g_assert ((answer.denied & ~answer.requested) == 0);
  g_assert ((answer.quiet & ~answer.denied) == 0);
  g_assert ((answer.audited & ~(answer.requested & ~answer.denied)) == 0);
  g_assert (answer.mediated || answer.allowed);
}

/* Sockets, buses, queues and rings. */
static void
ask_ipc (const AakPolicyProfile *p, AakName name, const char *peer)
{
  const AakUnixSocket alone = { .type = 1, .address = name };
  const AakUnixSocket pair = { 2, name, name, peer };
  const AakDbusMessage message = { name, name, peer, name, name, name };
  check (aak_policy_query_unix (p, &alone, G_MAXUINT32));
  check (aak_policy_query_unix (p, &pair, AAK_MAY_NET_ALL));
  check (aak_policy_query_dbus_message (p, &message, AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_RECEIVE));
  check (aak_policy_query_dbus_bind (p, name, name));
  check (aak_policy_query_dbus_eavesdrop (p, name));
  check (aak_policy_query_posix_mqueue (p, name, G_MAXUINT32));
  check (aak_policy_query_sysv_mqueue (p, (guint32) name.len, AAK_MAY_READ));
  check (aak_policy_query_io_uring (p, NULL, AAK_MAY_URING_SQPOLL));
  check (aak_policy_query_io_uring (p, peer, AAK_MAY_URING_OVERRIDE));
}

/* What is found below a directory is allowed when it is asked for. */
static void
reach (const AakPolicyProfile *p, guint32 request, gboolean unconfined)
{
  const AakReach wanted = { "/", request, TRUE, unconfined };
  g_autofree char *name = NULL;
  AakAnswer answer = aak_policy_reach (p, &wanted, &name);
  check (answer);
  g_assert (answer.allowed || name == NULL);
  g_assert (name == NULL || aak_policy_query_file (p, aak_name (name), request, TRUE).allowed);
}

/* Nothing is beyond itself; what is beyond another profile is told in words. */
static void
compare (const AakPolicyProfile *p, const AakPolicyProfile *q)
{
  gboolean more = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) excess = aak_policy_excess (p, q, 2, &more, &error);
  g_assert ((excess == NULL) == (error != NULL));
  g_assert (excess == NULL || p != q || excess->len == 0);
  for (guint i = 0; excess != NULL && i < excess->len; i++)
    {
      g_autofree char *text = aak_excess_text (excess->pdata[i]);
      g_assert (g_utf8_validate (text, -1, NULL) && strchr (text, '\n') == NULL);
    }
}

static void
ask (const AakPolicySet *set, const AakPolicyProfile *p, AakName name, const char *peer)
{
  AakMount mount = { .target = name, .source = name, .type = name, .data = name };
  mount.flags = (guint32) name.len * 2654435761u;
  AakAnswer file = aak_policy_query_file (p, name, G_MAXUINT32 & ~1u, TRUE);
  AakAnswer exec = aak_policy_query_file (p, name, AAK_MAY_EXEC, FALSE);
  check (file);
  check (exec);
  g_autofree char *label = aak_policy_query_exec_label (set, p, name, exec.exec);
  g_assert (label == NULL || exec.exec.target != AAK_EXEC_NOWHERE);
  check (aak_policy_query_link (p, name, name, FALSE));
  check (aak_policy_query_change_profile (p, NULL, peer));
  check (aak_policy_query_change_profile (p, &name, peer));
  check (aak_policy_query_capability (p, (guint) name.len));
  check (aak_policy_query_network (p, (guint16) name.len, 1, AAK_MAY_NET_ALL));
  check (aak_policy_query_signal (p, (guint) name.len, peer, AAK_MAY_SIGNAL_SEND));
  check (aak_policy_query_ptrace (p, peer, AAK_MAY_PTRACE_READ | AAK_MAY_PTRACE_TRACED_BY));
  check (aak_policy_query_mount (p, &mount));
  check (aak_policy_query_umount (p, name));
  check (aak_policy_query_pivot_root (p, name, name));
  check (aak_policy_query_userns (p));
  check (aak_policy_query_onexec (p, peer));
  check (aak_policy_query_limit (p, (guint) name.len, G_MAXUINT32));
  ask_ipc (p, name, peer);
  gboolean mediated = FALSE;
  (void) aak_policy_query_class (p, (guint8) name.len, name, TRUE, &mediated);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) blob = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("b", blob, &error);
  g_assert ((set == NULL) == (error != NULL));
  if (set == NULL)
    return 0;
  GPtrArray *profiles = aak_policy_set_profiles (set);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *p = profiles->pdata[i];
      g_assert (aak_policy_set_find (set, p->name) == p);
      /* The input's own bytes are names, too. */
      ask (set, p, (AakName){ (const char *) data, MIN (size, 64) }, p->name);
      ask (set, p, aak_name ("/a/b"), "A//&B//&A");
      reach (p, AAK_MAY_READ | AAK_MAY_WRITE, FALSE);
      reach (p, AAK_MAY_EXEC, TRUE);
      compare (p, profiles->pdata[0]);
      compare (profiles->pdata[0], p);
    }
  return 0;
}
