/* SPDX-License-Identifier: GPL-2.0-or-later
 * The fields of a record of seccomp's (type 1326), and what two records of the same call have in
 * common. */
#pragma once

#include "learn/cursor.h"
#include "learn/record-cache.h"

/* Reads the fields behind the stamp into @out, in the kernel's own order (kernel/auditsc.c,
 * audit_seccomp() and audit_log_task()); FALSE where one is missing, out of place or damaged. */
gboolean aak_seccomp_record_take (AakCursor *cursor, AakRecord *out);

/* As aak_record_key_parse(), for a record of seccomp's that was only logged. The process and the
 * address of the call are left out of the key: with them nearly each would be another one. */
gboolean aak_seccomp_key_parse (const AakSourceRecord *raw, AakRecordKey *out);
