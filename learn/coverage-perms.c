/* SPDX-License-Identifier: GPL-2.0-or-later
 * The tables of permissions. */
#include "config.h"

#include "learn/coverage-perms.h"

typedef struct
{
  AakPerm perm;
  guint32 bit;
} Pair;

static const Pair file[] = {
  { AAK_PERM_R, AAK_MAY_READ }, { AAK_PERM_W, AAK_MAY_WRITE },  { AAK_PERM_A, AAK_MAY_APPEND },
  { AAK_PERM_X, AAK_MAY_EXEC }, { AAK_PERM_M, AAK_MAY_MMAP },   { AAK_PERM_L, AAK_MAY_LINK },
  { AAK_PERM_K, AAK_MAY_LOCK }, { AAK_PERM_C, AAK_MAY_CREATE }, { AAK_PERM_D, AAK_MAY_DELETE },
};

static const Pair sockets[] = {
  { AAK_PERM_SEND, AAK_MAY_NET_SEND },       { AAK_PERM_RECEIVE, AAK_MAY_NET_RECEIVE },
  { AAK_PERM_CREATE, AAK_MAY_NET_CREATE },   { AAK_PERM_BIND, AAK_MAY_NET_BIND },
  { AAK_PERM_CONNECT, AAK_MAY_NET_CONNECT }, { AAK_PERM_LISTEN, AAK_MAY_NET_LISTEN },
  { AAK_PERM_ACCEPT, AAK_MAY_NET_ACCEPT },   { AAK_PERM_GETATTR, AAK_MAY_NET_GETATTR },
  { AAK_PERM_SETATTR, AAK_MAY_NET_SETATTR }, { AAK_PERM_GETOPT, AAK_MAY_NET_GETOPT },
  { AAK_PERM_SETOPT, AAK_MAY_NET_SETOPT },   { AAK_PERM_SHUTDOWN, AAK_MAY_NET_SHUTDOWN },
};

static const Pair signals[] = {
  { AAK_PERM_SEND, AAK_MAY_SIGNAL_SEND },
  { AAK_PERM_RECEIVE, AAK_MAY_SIGNAL_RECEIVE },
};

static const Pair ptrace[] = {
  { AAK_PERM_READ, AAK_MAY_PTRACE_READ },
  { AAK_PERM_TRACE, AAK_MAY_PTRACE_TRACE },
  { AAK_PERM_READBY, AAK_MAY_PTRACE_READ_BY },
  { AAK_PERM_TRACEDBY, AAK_MAY_PTRACE_TRACED_BY },
};

static const Pair queues[] = {
  { AAK_PERM_READ, AAK_MAY_READ },       { AAK_PERM_WRITE, AAK_MAY_WRITE },
  { AAK_PERM_OPEN, AAK_MAY_OPEN },       { AAK_PERM_CREATE, AAK_MAY_CREATE },
  { AAK_PERM_DELETE, AAK_MAY_DELETE },   { AAK_PERM_GETATTR, AAK_MAY_GETATTR },
  { AAK_PERM_SETATTR, AAK_MAY_SETATTR },
};

static const Pair messages[] = {
  { AAK_PERM_SEND, AAK_MAY_DBUS_SEND },
  { AAK_PERM_RECEIVE, AAK_MAY_DBUS_RECEIVE },
  { AAK_PERM_BIND, AAK_MAY_DBUS_BIND },
  { AAK_PERM_EAVESDROP, AAK_MAY_DBUS_EAVESDROP },
};

static const struct
{
  const Pair *pairs;
  gsize n;
} tables[] = {
  [AAK_COVERAGE_PERMS_FILE] = { file, G_N_ELEMENTS (file) },
  [AAK_COVERAGE_PERMS_SOCKET] = { sockets, G_N_ELEMENTS (sockets) },
  [AAK_COVERAGE_PERMS_SIGNAL] = { signals, G_N_ELEMENTS (signals) },
  [AAK_COVERAGE_PERMS_PTRACE] = { ptrace, G_N_ELEMENTS (ptrace) },
  [AAK_COVERAGE_PERMS_MQUEUE] = { queues, G_N_ELEMENTS (queues) },
  [AAK_COVERAGE_PERMS_DBUS] = { messages, G_N_ELEMENTS (messages) },
  [AAK_COVERAGE_PERMS_NONE] = { NULL, 0 },
};

gboolean
aak_coverage_perms (AakCoveragePerms kind, guint perms, guint32 *out_request)
{
  guint32 request = 0;
  guint known = 0;
  for (gsize i = 0; i < tables[kind].n; i++)
    {
      const Pair *pair = &tables[kind].pairs[i];
      known |= pair->perm;
      if ((perms & pair->perm) != 0)
        request |= pair->bit;
    }
  if (request == 0 || (perms & ~known) != 0)
    return FALSE;
  *out_request = request;
  return TRUE;
}

guint
aak_coverage_perms_back (AakCoveragePerms kind, guint32 bits)
{
  guint perms = 0;
  for (gsize i = 0; i < tables[kind].n; i++)
    if ((bits & tables[kind].pairs[i].bit) != 0)
      perms |= tables[kind].pairs[i].perm;
  return perms;
}
