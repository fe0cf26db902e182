/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the D-Bus daemon decides by AppArmor, and writes to the audit stream as USER_AVC records.
 *
 * Whoever has CAP_AUDIT_WRITE can send such a record, and most containers have it. So the sender is
 * judged by the part of the record that the kernel wrote before the sender's text: by uid, which
 * must be the bus's, and by subj, the sender's own label, which must be one that no container
 * wears: "unconfined", or a profile of the daemon's. Nothing in the text counts for that, neither
 * the exe= nor the sauid= that libaudit puts there.
 *
 * What this does not stop: a container that is unconfined and not in a user namespace of its own,
 * under the bus's uid. It is the reason that these records are read only where somebody asks for
 * them, never learned from, and printed with their sender. */
#pragma once

#include "learn/source.h"

/* Who sent a record, in the kernel's words. */
typedef struct
{
  guint64 pid;
  guint64 uid;
  AakSpan subj;
} AakDbusSender;

typedef enum
{
  AAK_DBUS_OTHER,   /* another record, or one that cannot be read */
  AAK_DBUS_FOREIGN, /* looks like the bus's, and somebody else sent it */
  AAK_DBUS_RECORD,
} AakDbusResult;

/* Reads a record of the audit stream or a line of auditd's. @bus_uid: the uid of the bus.
 * @out_record: the fields of AppArmor's in the text, of the type 1107 and with an operation that
 * begins with "dbus_"; @out_sender: who sent it. Both are filled where it is RECORD, and point into
 * @raw. */
AakDbusResult aak_dbus_record_parse (const AakSourceRecord *raw, guint64 bus_uid,
                                     AakRecord *out_record, AakDbusSender *out_sender);
