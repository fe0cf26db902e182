/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's audit status: how many records it lost since a recording began, and room for more of
 * them meanwhile. */
#pragma once

#include <glib.h>

typedef struct AakAuditControl AakAuditControl;

/* The kernel's settings (linux/audit.h, struct audit_status). */
typedef struct
{
  guint32 failure;       /* what it does where a record is lost: 0 nothing, 1 printk, 2 panic */
  guint32 rate_limit;    /* records a second; 0: no limit */
  guint32 backlog_limit; /* records; 0: no limit */
  guint32 daemon;        /* the process that takes records; 0: none */
} AakAuditStatus;

/* Asks the kernel; FALSE where it does not answer, as aak_audit_control_open(). */
gboolean aak_audit_status_read (AakAuditStatus *out) G_GNUC_WARN_UNUSED_RESULT;

/* Counts the records that the kernel lost from now on. @raise: enlarge its backlog until close.
 * NULL where the kernel does not answer (CAP_AUDIT_CONTROL is missing, another pid namespace), or
 * aakit was built without libaudit. */
AakAuditControl *aak_audit_control_open (gboolean raise);
/* The records that the kernel dropped since then because its backlog was full (audit_status.lost);
 * FALSE where it does not answer any more. */
gboolean aak_audit_control_lost (AakAuditControl *control, guint64 *out);
/* Whether records wait in the kernel for whoever takes them; FALSE where it does not answer. */
gboolean aak_audit_control_has_queue (AakAuditControl *control);
/* Makes the kernel send what it holds back for its daemon: records that this was too slow to take
 * wait for the next record of any kind (kernel/audit.c, kauditd_thread() and its retry queue). The
 * record is one of a setting that stays as it is. */
void aak_audit_control_flush (AakAuditControl *control);
/* The process that took the kernel's records, auditd's, when the kernel answered last; 0: none. */
guint aak_audit_control_daemon (const AakAuditControl *control);
/* The kernel's own counter when it was at the beginning, so that a later recording can go on with
 * it: set makes that its beginning. 32 bits, and wraps. */
guint32 aak_audit_control_get_start (const AakAuditControl *control);
void aak_audit_control_set_start (AakAuditControl *control, guint32 start);
/* Puts the backlog limit back, unless another recording still needs it. */
void aak_audit_control_close (AakAuditControl *control);
