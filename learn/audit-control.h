/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's audit status: how many records it lost since a recording began, and room for more of
 * them meanwhile. */
#pragma once

#include <glib.h>

typedef struct AakAuditControl AakAuditControl;

/* Remembers the kernel's count of lost records. @raise: enlarge its backlog until close. NULL where
 * the kernel does not answer (CAP_AUDIT_CONTROL is missing, another pid namespace), or aakit was
 * built without libaudit. */
AakAuditControl *aak_audit_control_open (gboolean raise);
/* The records that the kernel dropped since then because its backlog was full (audit_status.lost);
 * FALSE where it does not answer any more. */
gboolean aak_audit_control_lost (AakAuditControl *control, guint64 *out);
/* Puts the backlog limit back. */
void aak_audit_control_close (AakAuditControl *control);
