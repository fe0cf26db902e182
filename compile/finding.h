/* SPDX-License-Identifier: GPL-2.0-or-later
 * What aa-compile check can find, and a finding. */
#pragma once

#include "lib/policy/source.h"

typedef enum
{
  AAK_SEVERITY_NOTE,
  AAK_SEVERITY_WARNING,
  AAK_SEVERITY_ERROR,
} AakSeverity;

/* "note", "warning", "error". */
const char *aak_severity_name (AakSeverity severity);
gboolean aak_severity_parse (const char *name, AakSeverity *out);

/* In the order of the table in finding.c, which says what they mean. */
typedef enum
{
  AAK_FINDING_NOT_READ,
  AAK_FINDING_UNKNOWN_VARIABLE,
  AAK_FINDING_UNUSED_VARIABLE,
  AAK_FINDING_DUPLICATE_PROFILE,
  AAK_FINDING_POD_NAME,
  AAK_FINDING_MISSING_ABI,
  AAK_FINDING_MODE_COMPLAIN,
  AAK_FINDING_MODE_UNCONFINED,
  AAK_FINDING_ATTACH_DISCONNECTED,
  AAK_FINDING_UNSTOPPABLE,
  AAK_FINDING_OWN_PROCESSES,
  AAK_FINDING_READ_ANYWHERE,
  AAK_FINDING_READ_SECRETS,
  AAK_FINDING_WRITE_ANYWHERE,
  AAK_FINDING_WRITE_PROGRAMS,
  AAK_FINDING_WRITE_CONFIGURATION,
  AAK_FINDING_KERNEL_CONTROL,
  AAK_FINDING_RUNTIME_SOCKET,
  AAK_FINDING_RUN_ANYTHING,
  AAK_FINDING_WRITE_AND_RUN,
  AAK_FINDING_RUN_UNCONFINED,
  AAK_FINDING_CHANGE_TO_UNCONFINED,
  AAK_FINDING_ANY_CAPABILITY,
  AAK_FINDING_STRONG_CAPABILITY,
  AAK_FINDING_ANY_NETWORK,
  AAK_FINDING_RAW_NETWORK,
  AAK_FINDING_ANY_MOUNT,
  AAK_FINDING_ANY_PTRACE,
  AAK_FINDING_ANY_SIGNAL,
  AAK_FINDING_REDUNDANT,
  AAK_FINDING_DENIED,
  AAK_FINDING_NOT_COMPARED,
  AAK_FINDING_SECCOMP_ALLOWS,
  AAK_FINDING_SECCOMP_LOGS,
  AAK_FINDING_SECCOMP_SENSITIVE,
  AAK_FINDING_SECCOMP_NO_START,
  AAK_FINDING_SECCOMP_START,
  AAK_FINDING_SECCOMP_UNKNOWN,
  AAK_FINDING_SECCOMP_ARCHITECTURES,
  AAK_FINDING_SILENCE_FORM,
  AAK_FINDING_SILENCE_UNKNOWN,
  AAK_FINDING_SILENCE_UNUSED,
  AAK_FINDING_N,
} AakFindingId;

typedef struct
{
  const char *id; /* what silences and reports name; never changes its meaning */
  AakSeverity severity;
  const char *why;  /* why it is worth telling */
  const char *hint; /* what to do about it */
} AakFindingKind;

const AakFindingKind *aak_finding_kind (AakFindingId id);

/* The number of the kind whose id is @name; FALSE where there is none. */
gboolean aak_finding_id (const char *name, AakFindingId *out);

typedef struct
{
  AakFindingId id;
  AakPolicyPlace place; /* in the text that is checked */
  char *message;        /* one line, escaped */
  char *hint;           /* for this one, or NULL: the kind's */
  AakPolicyPlace other; /* another place that it is about; its source is NULL where there is none */
  char *silenced;       /* the reason that the text gives, escaped; NULL: it is not silenced */
  guint64 sets;         /* a bit for each feature set for which it holds; of the text itself all */
} AakFinding;

/* An array that owns its findings. */
GPtrArray *aak_findings_new (void);

/* Adds a finding to @findings, which owns it, and gives it. What @format makes must be escaped. */
AakFinding *aak_findings_add (GPtrArray *findings, AakFindingId id, AakPolicyPlace place,
                              const char *format, ...) G_GNUC_PRINTF (4, 5);

/* Orders them by path, place, id and message, each once, for all sets for which it was found. */
void aak_findings_sort (GPtrArray *findings);
