/* SPDX-License-Identifier: GPL-2.0-or-later
 * One audit record as the kernel wrote it: type, time, serial, and its fields as spans into the
 * source's bytes. */
#pragma once

#include <glib.h>
#include <string.h>

/* Bytes inside somebody else's buffer; not NUL-terminated. */
typedef struct
{
  const char *data;
  gsize len;
} AakSpan;

/* How a value was written. The kernel quotes a string when all of its bytes are plain, and writes
 * it as hex when they are not (kernel audit_log_untrustedstring()); numbers and words are bare. */
typedef enum
{
  AAK_VALUE_BARE,
  AAK_VALUE_QUOTED,
  AAK_VALUE_ESCAPED, /* quoted, in a line of /dev/kmsg, which writes a backslash as \x5c */
} AakValueForm;

typedef struct
{
  AakSpan key;
  AakSpan value; /* without its quotes */
  AakValueForm form;
} AakField;

#define AAK_RECORD_SECCOMP    1326 /* linux/audit.h, AUDIT_SECCOMP */
#define AAK_RECORD_MAX_FIELDS 40
#define AAK_RECORD_MAX_LENGTH \
  16384 /* the kernel's own limit is 8970 bytes (libaudit, MAX_AUDIT_MESSAGE_LENGTH) */

/* What vouches for a record being the kernel's, beside the owner of the log. */
typedef enum
{
  AAK_PROOF_KERNEL, /* the audit stream, auditd's log, or /dev/kmsg: user space cannot write one */
  AAK_PROOF_FACILITY, /* the line says that it has syslog's facility kern */
  AAK_PROOF_TEXT,     /* the line says that its program is "kernel", or is dmesg's text: whoever may
                         send syslog messages to that log can write such a line */
} AakProof;

typedef struct
{
  guint type; /* 1400 (AVC), 1500-1507, or AAK_RECORD_SECCOMP */
  AakProof proof;
  guint64 time;   /* milliseconds since the epoch */
  guint64 serial; /* of the audit event; records of one event share it; 32 bits, and wraps */
  guint n_fields; /* up to execpath=, if there is one: what follows it is not to be trusted */
  AakField fields[AAK_RECORD_MAX_FIELDS];
} AakRecord;

typedef enum
{
  AAK_RECORD_APPARMOR,  /* parsed: a record that the kernel wrote, of AppArmor or of seccomp, which
                           names AppArmor's label */
  AAK_RECORD_OTHER,     /* another kind of record, or a line that is none: not an error */
  AAK_RECORD_MALFORMED, /* claims to be such a record and does not parse */
} AakRecordResult;

/* Parses the payload of one audit netlink message of type @type: "audit(SEC.MS:SERIAL): key=value
 * ...". */
AakRecordResult aak_record_parse_payload (guint type, const char *data, gsize len, AakRecord *out);

/* Parses one line of a log, with or without its newline:
 * - auditd's "[node=N ]type=T msg=audit(...): key=value ...", raw or enriched (the enrichment is
 *   dropped);
 * - the kernel's text in syslog's files and journalctl's short forms, "DATE HOST kernel: [TS]
 * audit: type=1400 audit(...): ...", in the syslog protocol ("<5>1 DATE HOST kernel - - - audit:
 * ..."), in /proc/kmsg ("<5>[TS] audit: ..."), and in dmesg;
 * - /dev/kmsg's "5,SEQ,USEC,-;audit: type=1400 audit(...): ...".
 * A line of any other program is OTHER, whatever it contains (learn/record-prefix.c). So are the
 * lines of journalctl's json and export forms. */
AakRecordResult aak_record_parse_line (const char *data, gsize len, AakRecord *out);

/* Time (ms since the epoch) and serial of a payload of any type; FALSE where it does not begin with
 * a stamp. */
gboolean aak_record_parse_stamp (const char *data, gsize len, guint64 *out_time,
                                 guint64 *out_serial);

/* The field whose key is the @len bytes at @key, or NULL. */
const AakField *aak_record_find (const AakRecord *record, const char *key, gsize len);

/* The same for a text; the length of a constant one costs nothing. */
static inline const AakField *
aak_record_get (const AakRecord *record, const char *key)
{
  return aak_record_find (record, key, strlen (key));
}

/* TRUE where @span holds exactly the text @text. */
static inline gboolean
aak_span_is (AakSpan span, const char *text)
{
  return span.len == 0 ? *text == '\0'
                       : *span.data == *text && span.len == strlen (text)
                             && memcmp (span.data, text, span.len) == 0;
}

/* Parses @span as an unsigned decimal number. */
gboolean aak_span_to_uint (AakSpan span, guint64 *out);
