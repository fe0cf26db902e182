/* SPDX-License-Identifier: GPL-2.0-or-later
 * One event of AppArmor's or seccomp's: what a record means, with its strings decoded. */
#pragma once

#include "learn/record.h"

typedef enum
{
  AAK_VERDICT_ALLOWED, /* complain mode let it through */
  AAK_VERDICT_DENIED,
  AAK_VERDICT_AUDIT, /* a rule with `audit` allowed it */
  AAK_VERDICT_KILLED,
  AAK_VERDICT_STATUS, /* policy was loaded, replaced or removed */
  AAK_VERDICT_NOTICE, /* HINT, ERROR */
} AakVerdict;

typedef enum
{
  AAK_CLASS_FILE, /* name; target of a link */
  AAK_CLASS_CAPABILITY,
  AAK_CLASS_NETWORK, /* also unix sockets whose address the kernel does not tell: family "unix" */
  AAK_CLASS_SIGNAL,
  AAK_CLASS_PTRACE,
  AAK_CLASS_UNIX,  /* unix sockets whose address the kernel mediates */
  AAK_CLASS_MOUNT, /* mount, remount, umount, pivot_root ... */
  AAK_CLASS_USERNS,
  AAK_CLASS_CHANGE_PROFILE, /* change_profile, change_onexec, stack, change_hat */
  AAK_CLASS_RLIMIT,
  AAK_CLASS_MQUEUE, /* POSIX and System V message queues */
  AAK_CLASS_IO_URING,
  AAK_CLASS_DBUS, /* told by the D-Bus daemon */
  AAK_CLASS_EXEC, /* an exec into a child of the label, or one that no_new_privs kept out of it:
                     of events only the latter, and IGNORED; the former are files */
  AAK_CLASS_INET, /* internet sockets, of whose use the address is known and is wanted; events are
                     NETWORK */
  AAK_CLASS_SYSCALL, /* told by seccomp: family is the architecture, detail the call's name */
  AAK_CLASS_POLICY,  /* profile_load, profile_replace, profile_remove; what failed for no lack of a
                        rule */
  AAK_CLASS_OTHER,   /* what no rule can be made of: counted by its operation */
} AakClass;

/* Permissions of all classes in one word; the letters and words are the kernel's. */
typedef enum
{
  AAK_PERM_R = 1 << 0,
  AAK_PERM_W = 1 << 1,
  AAK_PERM_A = 1 << 2,
  AAK_PERM_X = 1 << 3,
  AAK_PERM_M = 1 << 4,
  AAK_PERM_L = 1 << 5,
  AAK_PERM_K = 1 << 6,
  AAK_PERM_C = 1 << 7, /* create: a rule says w */
  AAK_PERM_D = 1 << 8, /* delete: a rule says w */
  AAK_PERM_SEND = 1 << 9,
  AAK_PERM_RECEIVE = 1 << 10,
  AAK_PERM_READ = 1 << 11,
  AAK_PERM_TRACE = 1 << 12,
  AAK_PERM_READBY = 1 << 13,
  AAK_PERM_TRACEDBY = 1 << 14,
  AAK_PERM_CREATE = 1 << 15,
  AAK_PERM_BIND = 1 << 16,
  AAK_PERM_CONNECT = 1 << 17,
  AAK_PERM_LISTEN = 1 << 18,
  AAK_PERM_ACCEPT = 1 << 19,
  AAK_PERM_GETATTR = 1 << 20,
  AAK_PERM_SETATTR = 1 << 21,
  AAK_PERM_GETOPT = 1 << 22,
  AAK_PERM_SETOPT = 1 << 23,
  AAK_PERM_SHUTDOWN = 1 << 24,
  AAK_PERM_WRITE = 1 << 25,
  AAK_PERM_OPEN = 1 << 26,
  AAK_PERM_DELETE = 1 << 27,
  AAK_PERM_EAVESDROP = 1 << 28,
} AakPerm;

typedef struct
{
  AakVerdict verdict;
  AakClass class;
  const char *kind; /* finer than class, and also of what is not learned; static, never NULL:
                       file exec link rename capability network unix signal ptrace policy mount
                       remount bind move propagation umount pivot_root rlimit userns io_uring mqueue
                       dbus change_profile change_onexec change_hat stack syscall, or "other" */
  guint64 time;     /* milliseconds since the epoch */
  guint64 serial;
  guint perms;    /* AakPerm bits that were asked for */
  gboolean owner; /* file: fsuid and ouid are known and equal */
  char *operation;
  char *label;  /* the subject's label as the kernel wrote it; ":ns:label" in a namespace, empty
                   where a STATUS names nobody */
  char *name;   /* file: path; mount: mount point; mqueue: its name; change_profile: the label;
                   NULL where there is none */
  char *target; /* link: the existing path; exec: the new label; mount: the source */
  char *peer;   /* signal, ptrace, io_uring: the other side's label */
  char *detail; /* capability name, socket type, signal name, type of a mount or queue, resource
                   limit, operation on io_uring, D-Bus bus, or system call */
  char *family; /* network: address family; syscall: architecture */
  char *info;   /* the kernel's remark, or NULL */
  char *flags;  /* mount: "rw, nosuid", or NULL */
  char *access; /* the packed details (learn/access-fields.h) of a class that has several, or NULL;
                   network: those of AAK_CLASS_INET, where an address is told; rlimit: the value */
} AakEvent;

typedef enum
{
  AAK_EVENT_OK,
  AAK_EVENT_IGNORED,   /* rightly no access: a getattr, an exec record that only repeats another */
  AAK_EVENT_MALFORMED, /* a field that this kind of record needs is missing or damaged */
} AakEventResult;

/* TRUE where the kernel refused what @event asked for. */
gboolean aak_event_is_refusal (const AakEvent *event);

/* Reads @record into @out, which must be zeroed or cleared, and is to be cleared by the caller
 * whatever the result.
 * @out_reason (may be NULL): for MALFORMED a static text that says what is wrong. */
AakEventResult aak_event_from_record (const AakRecord *record, AakEvent *out,
                                      const char **out_reason);
void aak_event_clear (AakEvent *event);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakEvent, aak_event_clear)

/* The bytes of an untrusted string field: quoted as it stands, bare as uppercase hex; NULL where it
 * is neither, or holds a NUL byte. Newly allocated. */
char *aak_event_decode (const AakField *field);
/* The same with NUL bytes, which only the abstract address of a socket has, and the number of bytes
 * in @out_len; one more NUL follows them. */
char *aak_event_decode_bytes (const AakField *field, gsize *out_len);

/* The names of the bits of @perms as the rules and the state write them, comma-separated; file
 * letters are joined
 * ("rwc"). Newly allocated. */
char *aak_perms_to_text (guint perms);
/* The reverse; FALSE for an unknown word or letter, or where there is none. Letters are a file's
 * mask, words every other's. */
gboolean aak_perms_from_letters (const char *letters, guint *out);
gboolean aak_perms_from_words (const char *text, guint *out);
/* Either of the two. */
gboolean aak_perms_from_text (const char *text, guint *out);
