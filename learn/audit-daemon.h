/* SPDX-License-Identifier: GPL-2.0-or-later
 * How far auditd is with what the kernel gave it. */
#pragma once

#include <glib.h>

/* Whether the process @pid, which takes the kernel's audit records (audit_status.pid), has written
 * out all of them: its socket is empty, and it sleeps. A daemon that is stopped or waits for its
 * disk is not idle; one that is gone, or whose socket is not to be seen, is: nothing can be said.
 * @proc: "/proc", of the first pid namespace. Format of the socket table: net/netlink/af_netlink.c,
 * netlink_native_seq_show(). */
gboolean aak_audit_daemon_is_idle (const char *proc, guint pid);
