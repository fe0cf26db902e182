/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Permissions as the kernel has them, and how older policy packs them into an automaton's accept
 * tables. */
#pragma once

#include <glib.h>

/* Bits of a permission mask (security/apparmor/include/perms.h). Classes other than files give some
 * of them another meaning; those have a name of their own. */
#define AAK_MAY_EXEC           0x00000001u
#define AAK_MAY_WRITE          0x00000002u
#define AAK_MAY_READ           0x00000004u
#define AAK_MAY_APPEND         0x00000008u
#define AAK_MAY_CREATE         0x00000010u
#define AAK_MAY_DELETE         0x00000020u
#define AAK_MAY_OPEN           0x00000040u
#define AAK_MAY_RENAME         0x00000080u
#define AAK_MAY_SETATTR        0x00000100u
#define AAK_MAY_GETATTR        0x00000200u
#define AAK_MAY_CHMOD          0x00001000u
#define AAK_MAY_CHOWN          0x00002000u
#define AAK_MAY_LOCK           0x00008000u
#define AAK_MAY_LINK_SUBSET    AAK_MAY_LOCK /* of the second half of a link pair */
#define AAK_MAY_MMAP           0x00010000u  /* mmap as executable */
#define AAK_MAY_LINK           0x00040000u
#define AAK_CONT_MATCH         0x08000000u /* behind this state there may be more permissions */
#define AAK_MAY_ONEXEC         0x20000000u
#define AAK_MAY_CHANGE_PROFILE 0x40000000u

#define AAK_MAY_NET_SEND         0x00000002u
#define AAK_MAY_NET_RECEIVE      0x00000004u
#define AAK_MAY_NET_CREATE       0x00000010u
#define AAK_MAY_NET_SHUTDOWN     0x00000020u
#define AAK_MAY_NET_CONNECT      0x00000040u
#define AAK_MAY_NET_SETATTR      0x00000100u
#define AAK_MAY_NET_GETATTR      0x00000200u
#define AAK_MAY_NET_ACCEPT       0x00100000u
#define AAK_MAY_NET_BIND         0x00200000u
#define AAK_MAY_NET_LISTEN       0x00400000u
#define AAK_MAY_NET_SETOPT       0x01000000u
#define AAK_MAY_NET_GETOPT       0x02000000u
#define AAK_MAY_NET_ALL          0x03700376u
#define AAK_MAY_USERNS_CREATE    0x00000008u
#define AAK_MAY_DBUS_SEND        0x00000002u
#define AAK_MAY_DBUS_RECEIVE     0x00000004u
#define AAK_MAY_DBUS_EAVESDROP   0x00000020u
#define AAK_MAY_DBUS_BIND        0x00000040u
#define AAK_MAY_URING_OVERRIDE   AAK_MAY_APPEND
#define AAK_MAY_URING_SQPOLL     AAK_MAY_CREATE
#define AAK_MAY_SIGNAL_SEND      AAK_MAY_WRITE
#define AAK_MAY_SIGNAL_RECEIVE   AAK_MAY_READ
#define AAK_MAY_PTRACE_TRACE     AAK_MAY_WRITE
#define AAK_MAY_PTRACE_READ      AAK_MAY_READ
#define AAK_MAY_PTRACE_TRACED_BY (AAK_MAY_WRITE << 2)
#define AAK_MAY_PTRACE_READ_BY   (AAK_MAY_READ << 2)
#define AAK_MAY_PIVOT_ROOT       0x00000001u
#define AAK_MAY_MOUNT            0x00000002u
#define AAK_MAY_UMOUNT           0x00000004u
#define AAK_MAY_MOUNT_DATA       0x00000040u /* the decision depends on the mount's data */

/* What to do on exec (security/apparmor/include/file.h, AA_X_*): an index of 24 bits and these. */
#define AAK_X_INDEX      0x00ffffffu
#define AAK_X_TYPE       0x0c000000u
#define AAK_X_NAME       0x04000000u /* to the profile that attaches to the path */
#define AAK_X_TABLE      0x08000000u /* to the entry of the transition table */
#define AAK_X_UNSAFE     0x10000000u /* the environment is not scrubbed */
#define AAK_X_CHILD      0x20000000u /* of the profile's children */
#define AAK_X_INHERIT    0x40000000u /* ix, also as a fallback */
#define AAK_X_UNCONFINED 0x80000000u /* ux, also as a fallback */

/* What policy says about one name. */
typedef struct
{
  guint32 allow;
  guint32 deny;  /* denied whatever else allows it; older policy has only @quiet for that */
  guint32 audit; /* logged although allowed */
  guint32 quiet; /* not logged although denied */
  guint32 xindex;
} AakPerms;

/* From the two accept words of a state in the file automaton, for the file's owner or for others
 * (security/apparmor/file.c, aa_compute_fperms(); later policy_compat.c, compute_fperms()). */
AakPerms aak_perms_from_file_accept (guint32 accept, guint32 accept2, gboolean owner);

/* From the two accept words of a state in any other automaton of policy whose header says the
 * kernel ABI @kabi (security/apparmor/lib.c, aa_compute_perms(); later policy_compat.c,
 * compute_perms_entry()). */
AakPerms aak_perms_from_accept (guint32 accept, guint32 accept2, guint32 kabi);
