/* SPDX-License-Identifier: GPL-2.0-or-later
 * What syslog's daemons and journalctl write before the kernel's text: a date, the host, and a name
 * of the kernel's. For record-prefix.c only. */
#pragma once

#include "learn/cursor.h"

/* "DATE HOST kernel:", with a facility where syslog writes one. The dates are BSD's and ISO's, and
 * journalctl's short-full and short-unix. FALSE where the line is another program's.
 * @out_proof: AAK_PROOF_TEXT, or AAK_PROOF_FACILITY where the line says that it has facility kern:
 * rsyslog and journald let any user send messages under the name "kernel", and a file that mixes
 * facilities does not show it. */
gboolean aak_syslog_prefix_skip (AakCursor *cursor, AakProof *out_proof);

/* "HOST kernel:" of such a line. */
gboolean aak_syslog_prefix_skip_program (AakCursor *cursor, AakProof *out_proof);

/* The head of the syslog protocol after its "<5>": "1 DATE HOST kernel - MSGID DATA " (RFC 5424).
 * FALSE, with @cursor where it was, where it is none, or another program's. */
gboolean aak_syslog_prefix_skip_protocol (AakCursor *cursor);
