/* SPDX-License-Identifier: GPL-2.0-or-later
 * The readers of the classes beyond files, capabilities, networks, signals and ptrace; for
 * event-class.c only. Each reads what its class has beyond operation, label and name, sets class,
 * and returns NULL, or a static text that says what is missing or damaged. */
#pragma once

#include "learn/event.h"

/* mount.c, audit_cb(): fstype=, srcname=, flags=. Sets kind too. */
const char *aak_event_read_mount (const AakRecord *record, AakEvent *out);
/* domain.c: what failed for another reason than a missing rule has info=, and is no access. */
const char *aak_event_read_change (const AakRecord *record, AakEvent *out);
/* The same of an exec, whose name is the program. */
const char *aak_event_read_onexec (const AakRecord *record, AakEvent *out);
/* resource.c, audit_cb(): rlimit=, value=; peer= where it is another task's limit. */
const char *aak_event_read_limit (const AakRecord *record, AakEvent *out);
/* task.c, audit_ns_cb(). */
const char *aak_event_read_userns (const AakRecord *record, AakEvent *out);
/* Ubuntu's ipc.c: class= tells POSIX from System V. */
const char *aak_event_read_mqueue (const AakRecord *record, AakEvent *out);
/* lsm.c, audit_uring_cb(): requested=, tcontext=. */
const char *aak_event_read_io_uring (const AakRecord *record, AakEvent *out);
/* The D-Bus daemon's bus/apparmor.c. */
const char *aak_event_read_dbus (const AakRecord *record, AakEvent *out);
/* af_unix.c, audit_unix_addr(): of an event of a socket of family unix whose type and permissions
 * are read, the addresses, and the peer. Sockets without addr= are left as they are. */
const char *aak_event_read_unix (const AakRecord *record, AakEvent *out);
