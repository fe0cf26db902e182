/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The table profiles/syscalls.yaml, which describes its format. */
#pragma once

#include <glib.h>

/* Where one of @seen was seen, all of @adds are allowed. A start has no @seen. Lists are
 * NULL-terminated. */
typedef struct
{
  char *id;
  char *why; /* one line */
  char **seen;
  char **adds;
} AakSyscallGroup;

/* A call that is answered by ENOSYS, though it was seen. */
typedef struct
{
  char *call;
  char *why;   /* one line */
  char **by;   /* what is allowed in its place */
  char *allow; /* the ID with which it is allowed all the same (profiles/sensitive.yaml) */
} AakSyscallInstead;

typedef struct
{
  GPtrArray *start;   /* AakSyscallGroup */
  GPtrArray *groups;  /* AakSyscallGroup */
  GPtrArray *instead; /* AakSyscallInstead */
  GPtrArray *absent;  /* char*: calls that are answered by ENOSYS where they were not learned */
} AakSyscallTable;

/* Reads a table, which the caller owns. INVALID with "NAME:LINE:COL: why", or NEWER_SCHEMA. */
AakSyscallTable *aak_syscall_table_read (const char *name, GBytes *text,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_syscall_table_free (AakSyscallTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSyscallTable, aak_syscall_table_free)

/* The table that the program carries in itself, read once. */
const AakSyscallTable *aak_syscall_table (void);
