/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The table of shapes: lib/policy/query.h has the questions that they are those of. */
#include "config.h"

#include "lib/policy/shape.h"

#include "lib/policy/socket.h"

/* What letters of file rules stand for. */
#define FILE_PERMS                                                                            \
  (AAK_MAY_EXEC | AAK_MAY_WRITE | AAK_MAY_READ | AAK_MAY_APPEND | AAK_MAY_MMAP | AAK_MAY_LOCK \
   | AAK_MAY_CREATE | AAK_MAY_DELETE)

/* PATH, LABEL (of change_profile), LINK NUL TARGET, PROGRAM NUL LABEL. Whether a name may be
 * linked, or a program's profile be asked for, is asked together with the other name. */
static guint32
file_asked (guint part, gboolean inside)
{
  if (!inside)
    return 0;
  return part == 0 ? FILE_PERMS | AAK_MAY_CHANGE_PROFILE : AAK_MAY_LINK | AAK_MAY_ONEXEC;
}

/* TARGET of umount, NEW NUL OLD of pivot_root, TARGET NUL SOURCE NUL TYPE NUL FLAGS NUL DATA */
static guint32
mount_asked (guint part, gboolean inside)
{
  if (part == 0)
    return inside ? AAK_MAY_UMOUNT : 0;
  if (part == 1)
    return inside ? AAK_MAY_PIVOT_ROOT : 0;
  return part >= 3 ? AAK_MAY_MOUNT : 0;
}

/* LABEL, behind the number of the signal */
static guint32
signal_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_SIGNAL_SEND | AAK_MAY_SIGNAL_RECEIVE : 0;
}

static guint32
ptrace_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_PTRACE_READ | AAK_MAY_PTRACE_TRACE | AAK_MAY_PTRACE_READ_BY
                      | AAK_MAY_PTRACE_TRACED_BY
                : 0;
}

/* BUS NUL NAME NUL LABEL NUL PATH NUL INTERFACE NUL MEMBER */
static guint32
dbus_asked (guint part, gboolean inside)
{
  (void) inside;
  if (part == 0)
    return AAK_MAY_DBUS_EAVESDROP;
  if (part == 1)
    return AAK_MAY_DBUS_BIND;
  return part == 5 ? AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_RECEIVE : 0;
}

static guint32
mqueue_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_CREATE | AAK_MAY_READ | AAK_MAY_WRITE | AAK_MAY_OPEN | AAK_MAY_DELETE
                      | AAK_MAY_GETATTR | AAK_MAY_SETATTR
                : 0;
}

static guint32
userns_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? 0 : AAK_MAY_USERNS_CREATE;
}

/* A label for credentials that are taken, nothing for a thread that polls */
static guint32
io_uring_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_URING_OVERRIDE : AAK_MAY_URING_SQPOLL;
}

static guint32
attachment_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_EXEC : 0;
}

/* Nothing for the socket itself, ADDRESS NUL NUL for its own end, then a command: what is done with
 * it and two bytes that no rule can name (two NULs here), or the byte for another end, its ADDRESS
 * NUL LABEL. An abstract address begins with a NUL, and no address is empty; those with a NUL
 * further on are left out. */
enum
{
  UNIX_ADDRESS,
  UNIX_LABEL, /* of the own end: no kernel names it */
  UNIX_COMMAND,
  UNIX_PEER_ADDRESS,
  UNIX_PEER,
  UNIX_LISTEN_NUMBER,
  UNIX_LISTEN,
  UNIX_OPTION_NUMBER,
  UNIX_OPTION,
  UNIX_PARTS
};

static guint32
unix_asked (guint part, gboolean inside)
{
  if (part == UNIX_ADDRESS && !inside)
    return AAK_MAY_NET_CREATE;
  if (part == UNIX_COMMAND)
    return AAK_MAY_NET_LOCAL;
  if (part == UNIX_PEER)
    return AAK_MAY_NET_PEER;
  return part == UNIX_LISTEN ? AAK_MAY_NET_LISTEN : part == UNIX_OPTION ? AAK_MAY_NET_OPTION : 0;
}

static guint
unix_command (guint8 byte)
{
  return byte == AAK_SOCKET_COMMAND_PEER     ? UNIX_PEER_ADDRESS
         : byte == AAK_SOCKET_COMMAND_LISTEN ? UNIX_LISTEN_NUMBER
         : byte == AAK_SOCKET_COMMAND_OPTION ? UNIX_OPTION_NUMBER
                                             : UNIX_PARTS;
}

static AakShapePlace
unix_next (AakShapePlace place, guint8 byte)
{
  const AakShapePlace on = { place.part, TRUE }, end = { place.part + 1, FALSE },
                      nowhere = { UNIX_PARTS, FALSE };
  switch (place.part)
    {
    case UNIX_ADDRESS:
    case UNIX_PEER_ADDRESS:
      return byte == '\0' && place.inside ? end : on;
    case UNIX_LABEL:
      return byte == '\0' ? end : nowhere;
    case UNIX_COMMAND:
      return (AakShapePlace){ unix_command (byte), FALSE };
    case UNIX_PEER:
      return byte != '\0' ? on : nowhere;
    case UNIX_LISTEN_NUMBER:
    case UNIX_OPTION_NUMBER:
      return byte != '\0' ? nowhere : place.inside ? end : on;
    default:
      return nowhere;
    }
}

static guint32
socket_asked (guint part, gboolean inside)
{
  (void) part;
  return inside ? AAK_MAY_NET_ALL : 0;
}

const AakPolicyShape *
aak_policy_shape_attachment (void)
{
  static const AakPolicyShape shape = { 0,     "attachment", AAK_PERM_WORDS_NONE, 1,
                                        FALSE, FALSE,        attachment_asked };
  return &shape;
}

const AakPolicyShape *
aak_policy_shape_sysv (void)
{
  static const AakPolicyShape shape = {
    AAK_POLICY_CLASS_SYSV_MQUEUE, "mqueue", AAK_PERM_WORDS_MQUEUE, 1, FALSE, TRUE, mqueue_asked
  };
  return &shape;
}

const AakPolicyShape *
aak_policy_shape_unix (void)
{
  static const AakPolicyShape shape = { AAK_POLICY_CLASS_NETWORK,
                                        "unix",
                                        AAK_PERM_WORDS_NETWORK,
                                        UNIX_PARTS,
                                        TRUE,
                                        FALSE,
                                        unix_asked,
                                        unix_next };
  return &shape;
}

const AakPolicyShape *
aak_policy_shape_socket (void)
{
  static const AakPolicyShape shape = {
    AAK_POLICY_CLASS_NETWORK, "network", AAK_PERM_WORDS_NETWORK, 1, FALSE, TRUE, socket_asked
  };
  return &shape;
}

const AakPolicyShape *
aak_policy_shape (AakPolicyClass class)
{
  static const AakPolicyShape shapes[] = {
    { AAK_POLICY_CLASS_FILE, "file", AAK_PERM_WORDS_FILE, 2, FALSE, FALSE, file_asked },
    { AAK_POLICY_CLASS_MOUNT, "mount", AAK_PERM_WORDS_NONE, 5, TRUE, FALSE, mount_asked },
    { AAK_POLICY_CLASS_PTRACE, "ptrace", AAK_PERM_WORDS_PTRACE, 1, FALSE, FALSE, ptrace_asked },
    { AAK_POLICY_CLASS_SIGNAL, "signal", AAK_PERM_WORDS_SIGNAL, 1, FALSE, FALSE, signal_asked },
    { AAK_POLICY_CLASS_POSIX_MQUEUE, "mqueue", AAK_PERM_WORDS_MQUEUE, 1, FALSE, FALSE,
      mqueue_asked },
    { AAK_POLICY_CLASS_NAMESPACE, "userns", AAK_PERM_WORDS_NONE, 1, FALSE, FALSE, userns_asked },
    { AAK_POLICY_CLASS_IO_URING, "io_uring", AAK_PERM_WORDS_NONE, 1, FALSE, FALSE, io_uring_asked },
    { AAK_POLICY_CLASS_DBUS, "dbus", AAK_PERM_WORDS_DBUS, 6, FALSE, FALSE, dbus_asked },
  };
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (shapes[i].class == class)
      return &shapes[i];
  return NULL;
}

AakShapePlace
aak_policy_shape_next (const AakPolicyShape *shape, AakShapePlace place, guint8 byte)
{
  if (shape->next != NULL)
    return shape->next (place, byte);
  if (byte == '\0' && !shape->binary)
    return (AakShapePlace){ place.part + 1, FALSE };
  return (AakShapePlace){ place.part, TRUE };
}

gboolean
aak_policy_shape_leads (const AakPolicyShape *shape, AakShapePlace place)
{
  AakShapePlace next = aak_policy_shape_next (shape, place, '\0');
  return !place.inside && next.inside && next.part == place.part && !shape->binary;
}
