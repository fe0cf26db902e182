/* SPDX-License-Identifier: GPL-2.0-or-later
 * The records that the kernel writes beside an event's own, under the same stamp, where system
 * calls are audited: what was called, with which paths, by which command line. */
#pragma once

#include "learn/source.h"
#include "lib/json.h"

typedef enum
{
  AAK_COMPANION_NONE, /* another record: an event itself, or what says nothing about one */
  AAK_COMPANION_SYSCALL,
  AAK_COMPANION_EXECVE,
  AAK_COMPANION_CWD,
  AAK_COMPANION_PATH,
  AAK_COMPANION_PROCTITLE, /* the last one with something to say */
  AAK_COMPANION_END,       /* no more will come */
} AakCompanionKind;

/* Where a record belongs: records of one event have the same three. */
typedef struct
{
  AakSpan node; /* of auditd's lines; empty where they name none */
  guint64 time; /* milliseconds since the epoch */
  guint64 serial;
} AakEventKey;

typedef struct
{
  AakCompanionKind kind;
  AakEventKey key;
  AakSpan fields; /* what follows the stamp, without auditd's enrichment */
} AakCompanion;

/* Reads the head of a message of the audit stream, or of a line of auditd's. FALSE where it is
 * neither: other texts do not say who wrote them well enough. The spans point into @raw. What user
 * space sends (USER_* and the like) is NONE, whatever it contains. */
gboolean aak_companion_parse (const AakSourceRecord *raw, AakCompanion *out);

/* Adds what a record says as one JSON value: the directory or command line of a CWD or PROCTITLE, a
 * string; else an object with the kernel's names, numbers as numbers, strings decoded and escaped.
 * It ends at the first field that is damaged, and after subj=, which the kernel writes as it is: a
 * label's text could not be told from fields there. */
void aak_companion_add_value (AakJson *json, AakCompanionKind kind, AakSpan fields);
