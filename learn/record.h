/* SPDX-License-Identifier: GPL-2.0-or-later
 * One audit record as the kernel wrote it: type, time, serial, and its fields as spans into the
 * source's bytes. */
#pragma once

#include <glib.h>

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
} AakValueForm;

typedef struct
{
  AakSpan key;
  AakSpan value; /* without its quotes */
  AakValueForm form;
} AakField;

#define AAK_RECORD_MAX_FIELDS 40
#define AAK_RECORD_MAX_LENGTH \
  16384 /* the kernel's own limit is 8970 bytes (libaudit, MAX_AUDIT_MESSAGE_LENGTH) */

typedef struct
{
  guint type;     /* 1400 (AVC) or 1500-1507 */
  guint64 time;   /* milliseconds since the epoch */
  guint64 serial; /* of the audit event; records of one event share it */
  guint n_fields;
  AakField fields[AAK_RECORD_MAX_FIELDS];
} AakRecord;

typedef enum
{
  AAK_RECORD_APPARMOR,  /* parsed: an AppArmor record that the kernel wrote */
  AAK_RECORD_OTHER,     /* another kind of record, or a line that is none: not an error */
  AAK_RECORD_MALFORMED, /* claims to be an AppArmor record of the kernel's and does not parse */
} AakRecordResult;

/* Parses the payload of one audit netlink message of type @type: "audit(SEC.MS:SERIAL): key=value
 * ...". */
AakRecordResult aak_record_parse_payload (guint type, const char *data, gsize len, AakRecord *out);

/* Parses one line of auditd's log, with or without its newline: "[node=N ]type=T msg=audit(...):
 * key=value ...", raw or enriched (the enrichment after the byte 0x1d is dropped). */
AakRecordResult aak_record_parse_line (const char *data, gsize len, AakRecord *out);

/* Time (ms since the epoch) and serial of a payload of any type; FALSE where it does not begin with
 * a stamp. */
gboolean aak_record_parse_stamp (const char *data, gsize len, guint64 *out_time,
                                 guint64 *out_serial);

/* The field named @key, or NULL. */
const AakField *aak_record_get (const AakRecord *record, const char *key);

/* TRUE where @span holds exactly the text @text. */
gboolean aak_span_is (AakSpan span, const char *text);
/* Parses @span as an unsigned decimal number. */
gboolean aak_span_to_uint (AakSpan span, guint64 *out);
