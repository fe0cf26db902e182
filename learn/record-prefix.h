/* SPDX-License-Identifier: GPL-2.0-or-later
 * What stands before a record's own text in a line: auditd's, syslog's, dmesg's or /dev/kmsg's. */
#pragma once

#include "learn/record.h"

typedef struct
{
  guint type;      /* of the audit record, 0 where it is none of those that are read */
  AakSpan payload; /* "audit(...): ..." */
  AakProof proof;
  gboolean escaped; /* the payload is written as /dev/kmsg does: bytes as \xHH */
} AakRecordPrefix;

/* Reads the prefix of a line that has no newline any more. Linear, without allocation, and never
 * beyond the payload's first byte, but for the search for auditd's enrichment.
 * Returns AAK_RECORD_APPARMOR with @out filled, OTHER where the line is not of the kernel's or not
 * of a type that is read, MALFORMED where such a type is not followed by its record. */
AakRecordResult aak_record_prefix_parse (const char *data, gsize len, AakRecordPrefix *out);

/* TRUE for the types that the kernel's AppArmor writes, 1400 and 1500-1507, and seccomp's. */
gboolean aak_record_is_known_type (guint64 type);
