/* SPDX-License-Identifier: GPL-2.0-or-later
 * The seccomp profile that a state comes to: what was seen, what the container's start needs, and
 * what stands for either on another node. Pure. */
#pragma once

#include "learn/observations.h"
#include "learn/sensitive-table.h"

/* Why a call is allowed. */
typedef enum
{
  AAK_CALL_SEEN,
  AAK_CALL_START, /* the container's start needs it */
  AAK_CALL_GROUP, /* it stands for one that was seen */
} AakCallReason;

typedef struct
{
  char *name;
  AakCallReason reason;
  const char *group; /* START, GROUP: the entry of the table, its ID; else NULL */
  const char *why;   /* START, GROUP: in a line; else NULL */
  guint64 events;    /* SEEN */
  guint runs;        /* SEEN */
  gboolean limited;  /* clone: only without flags that make name spaces */
} AakSyscallAllowed;

/* A call that was seen and is not allowed. */
typedef struct
{
  char *name;
  guint64 events;
  guint runs;
  const char *id;  /* with which `aa-learn --allow ID` allows it; NULL where nothing does */
  const char *why; /* in a line */
  gboolean done;   /* another one does it: nothing is lost */
} AakSyscallOmitted;

typedef struct
{
  char *label;
  GPtrArray *archs; /* const char*: words, sorted */
  GPtrArray *calls; /* AakSyscallAllowed, by name */
  GPtrArray
      *omitted;      /* AakSyscallOmitted, by name: for review, without a name, or done otherwise */
  GPtrArray *absent; /* const char*: answered by ENOSYS, sorted */
  guint clone_flags; /* the argument of clone that has its flags */
  guint seen;        /* calls that were seen, of whatever architecture; 0: there is no profile */
  guint64 events;
} AakSyscallProfile;

/* The call that AakSyscallAllowed.limited is about. */
#define AAK_SYSCALL_LIMITED "clone"

/* @exact: no groups. The tables' texts and the words of architectures live as long as the program.
 */
AakSyscallProfile *aak_syscall_profile_new (const AakObservations *observations, gboolean exact);
void aak_syscall_profile_free (AakSyscallProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSyscallProfile, aak_syscall_profile_free)

/* TRUE where system calls were seen. */
gboolean aak_syscall_profile_has_calls (const AakObservations *observations);

/* How many of @profile's calls have @reason. */
guint aak_syscall_profile_count (const AakSyscallProfile *profile, AakCallReason reason);

/* How many of the omissions nobody can name: the profile cannot allow them. */
guint aak_syscall_profile_count_nameless (const AakSyscallProfile *profile);
