/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a log of auditd's lacks, by the serials of its lines: the kernel numbers its events without
 * a gap, and drops, uncounted, those that auditd was too slow to take (kernel/audit.c,
 * kauditd_hold_skb(): unless it was booted with audit=1). */
#pragma once

#include "learn/serial-window.h"

#define AAK_AUDITD_NODE_MAX 256

typedef struct
{
  AakSerialWindow window;
  guint64 time; /* of the last line, ms since the epoch */
  char node[AAK_AUDITD_NODE_MAX];
  gboolean mixed; /* lines of several hosts: nobody can tell what is missing */
} AakAuditdSerials;

/* Takes in a line. Those that auditd numbers itself (DAEMON_*), and what is no line of auditd's, do
 * not count. The struct starts zeroed. */
void aak_auditd_serials_add (AakAuditdSerials *serials, const char *line, gsize len);
