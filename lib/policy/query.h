/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Asks a compiled profile what it allows, as the kernel would decide it, without a kernel.
 *
 * Answers are those of the rules: a complain profile's too, although the kernel lets everything
 * pass there. A profile in mode unconfined allows everything. Names are bytes as the kernel forms
 * them: paths absolute, directories with a slash at the end. Nothing here fails, allocates without
 * bound or changes the profile: several threads may ask at once. */
#pragma once

#include "lib/policy/exec.h"
#include "lib/policy/set.h"

#include <glib.h>

/* The bytes of a name; NULs have no meaning. */
typedef struct
{
  const char *bytes;
  gsize len;
} AakName;

/* A NUL-terminated string as a name. */
AakName aak_name (const char *text);

/* --- answers --------------------------------------------------------------------------------- */

typedef struct
{
  gboolean allowed;  /* all that was requested is */
  gboolean mediated; /* FALSE: the policy has no rules of this class, so everything passes */
  guint32 requested; /* permission bits, AAK_MAY_*; a capability is bit 0 */
  guint32 denied;    /* those of @requested that are not allowed */
  guint32 quiet;     /* those of @denied that are refused without a record (deny rules) */
  guint32 audited;   /* those of @requested that are allowed and recorded (audit rules) */
  AakExec exec;      /* where AAK_MAY_EXEC of a file is requested and allowed */
} AakAnswer;

/* --- files ----------------------------------------------------------------------------------- */

/* May a task do all of @request (AAK_MAY_READ, WRITE, APPEND, EXEC, MMAP, LOCK, LINK, CREATE,
 * DELETE, ...) with the file @path? @owner: the file is the task's own (fsuid). */
AakAnswer aak_policy_query_file (const AakPolicyProfile *profile, AakName path, guint32 request,
                                 gboolean owner);

/* May a task make the hard link @link to the file @target? Where the rule says so, @link must not
 * give more permissions than @target. */
AakAnswer aak_policy_query_link (const AakPolicyProfile *profile, AakName link, AakName target,
                                 gboolean owner);

/* May a task change into the profile @target, at once (aa_change_profile()) or, where @program is
 * not NULL, on the exec of that program? */
AakAnswer aak_policy_query_change_profile (const AakPolicyProfile *profile, const AakName *program,
                                           const char *target);

/* May a task ask for the profile @target on its next exec (aa_change_onexec())? The exec itself is
 * another question, see above. */
AakAnswer aak_policy_query_onexec (const AakPolicyProfile *profile, const char *target);

/* The label that an exec of @path under @profile leads to, as far as @set knows: the name that a
 * rule gives, the profile of @set that attaches, or the fallback. NULL where none of @set does. The
 * caller frees it. */
char *aak_policy_query_exec_label (const AakPolicySet *set, const AakPolicyProfile *profile,
                                   AakName path, AakExec exec);

/* --- everything else -------------------------------------------------------------------------- */

/* @capability: its number, 0 is chown. Beyond 63 nothing is allowed. */
AakAnswer aak_policy_query_capability (const AakPolicyProfile *profile, guint capability);

/* May a task set the hard limit number @limit (0 is cpu) of its own to @value? A limit that the
 * profile does not set is not mediated. */
AakAnswer aak_policy_query_limit (const AakPolicyProfile *profile, guint limit, guint64 value);

/* @family: AF_*; @type: SOCK_*; @request: AAK_MAY_NET_*. Unix sockets, too, are decided by family
 * and type in every kernel without fine rules for them. Where addresses are mediated, the answer is
 * that for ends whose addresses and ports no rule is likely to name. */
AakAnswer aak_policy_query_network (const AakPolicyProfile *profile, guint16 family, guint16 type,
                                    guint32 request);

/* One end of an internet socket. */
typedef struct
{
  const guint8 *address; /* in network order */
  gsize len;             /* 4, 16, or 0: the end has no address */
  guint16 port;
} AakInetEnd;

/* A use of an internet socket. Of a socket that is connected already, the kernel asks for what is
 * sent and received with a peer that has no address. */
typedef struct
{
  guint16 family;      /* AF_INET, AF_INET6 */
  guint16 type;        /* SOCK_* */
  guint16 protocol;    /* IPPROTO_* */
  gboolean privileged; /* the port is one that needs net_bind_service where the socket is */
  AakInetEnd local;
  AakInetEnd peer;
} AakInetSocket;

/* TRUE where the policy looks at addresses of these sockets: where it was compiled for a kernel
 * with the feature network_v8/af_inet or network_v9/af_inet (Ubuntu's from 6.8 on). */
gboolean aak_policy_mediates_inet (const AakPolicyProfile *profile, guint16 family, guint16 type);

/* @request: AAK_MAY_NET_*. Where addresses are not mediated, family and type decide. */
AakAnswer aak_policy_query_inet (const AakPolicyProfile *profile, const AakInetSocket *socket,
                                 guint32 request);

/* A use of a unix socket. An address is a path, or a NUL byte and an abstract name; without bytes
 * the socket has none. */
typedef struct
{
  guint16 type; /* SOCK_* */
  AakName address;
  AakName peer_address;
  const char *peer; /* the label at the other end; NULL where there is none */
} AakUnixSocket;

/* @request: AAK_MAY_NET_*. Where the policy was compiled for a kernel without fine rules, family
 * and type decide. Kernels that have them ask the file rules about a socket with a path instead. */
AakAnswer aak_policy_query_unix (const AakPolicyProfile *profile, const AakUnixSocket *socket,
                                 guint32 request);

/* @signal: AppArmor's number of it, see aak_policy_signal_number(). @request: AAK_MAY_SIGNAL_SEND
 * or RECEIVE. @peer: the label at the other end, also stacked ("A//&B"). */
AakAnswer aak_policy_query_signal (const AakPolicyProfile *profile, guint signal, const char *peer,
                                   guint32 request);

/* @request: AAK_MAY_PTRACE_*. Where the policy has no ptrace rules, the capability sys_ptrace
 * decides for other labels, as in the kernel. */
AakAnswer aak_policy_query_ptrace (const AakPolicyProfile *profile, const char *peer,
                                   guint32 request);

/* A call of mount(2); unused parts have NULL bytes. */
typedef struct
{
  AakName target; /* the mount point */
  AakName source;
  AakName type;
  AakName data;
  guint32 flags; /* MS_* */
} AakMount;

AakAnswer aak_policy_query_mount (const AakPolicyProfile *profile, const AakMount *mount);
AakAnswer aak_policy_query_umount (const AakPolicyProfile *profile, AakName target);
AakAnswer aak_policy_query_pivot_root (const AakPolicyProfile *profile, AakName new_root,
                                       AakName put_old);

/* A new user namespace. */
AakAnswer aak_policy_query_userns (const AakPolicyProfile *profile);

/* --- messages, queues, rings ------------------------------------------------------------------ */

/* A D-Bus message as the D-Bus daemon asks about it; what it has not is empty. */
typedef struct
{
  AakName bus;  /* "system", "session" */
  AakName name; /* of the other end on the bus */
  const char *peer;
  AakName path;
  AakName interface;
  AakName member;
} AakDbusMessage;

/* @request: AAK_MAY_DBUS_SEND, RECEIVE. */
AakAnswer aak_policy_query_dbus_message (const AakPolicyProfile *profile,
                                         const AakDbusMessage *message, guint32 request);
/* May a task take the name @name on @bus? */
AakAnswer aak_policy_query_dbus_bind (const AakPolicyProfile *profile, AakName bus, AakName name);
AakAnswer aak_policy_query_dbus_eavesdrop (const AakPolicyProfile *profile, AakName bus);

/* A message queue: POSIX by its name ("/q"), System V by its key. @request: AAK_MAY_READ, WRITE,
 * OPEN, CREATE, DELETE, GETATTR, SETATTR. Rules that ask for the queue's label do not count. */
AakAnswer aak_policy_query_posix_mqueue (const AakPolicyProfile *profile, AakName name,
                                         guint32 request);
AakAnswer aak_policy_query_sysv_mqueue (const AakPolicyProfile *profile, guint32 key,
                                        guint32 request);

/* @request: AAK_MAY_URING_OVERRIDE, which needs the label @peer whose credentials are taken, or
 * AAK_MAY_URING_SQPOLL. */
AakAnswer aak_policy_query_io_uring (const AakPolicyProfile *profile, const char *peer,
                                     guint32 request);

/* --- as the kernel is asked ------------------------------------------------------------------- */

/* What the kernel's own query file (/sys/kernel/security/apparmor/.access) says about @name behind
 * the byte @class: the permissions of the state that it leads to, with the profile's audit flag
 * taken into account. @out_mediated FALSE: the policy has no rules of this class. */
AakPerms aak_policy_query_class (const AakPolicyProfile *profile, guint8 class, AakName name,
                                 gboolean owner, gboolean *out_mediated);
