/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What a seccomp profile says of a call. */
#pragma once

#include "lib/seccomp/profile.h"

/* The flags of clone(2) that make name spaces (linux/sched.h, CLONE_NEW*), but CLONE_NEWTIME, which
 * clone3 and unshare only know. */
#define AAK_CLONE_NAMESPACES 0x7e020000u

typedef struct
{
  guint32 action;             /* SCMP_ACT_*, with its number */
  gboolean depends;           /* on the arguments: @action is that of one rule */
  gboolean limited;           /* clone without those flags */
  const AakSeccompRule *rule; /* that says so; NULL: the default action. Part of the profile */
} AakSeccompAnswer;

/* The answer to the call @name. The first rule that asks for no arguments counts: libseccomp takes
 * no second one. */
AakSeccompAnswer aak_seccomp_answer (const AakSeccompProfile *profile, const char *name);

/* TRUE where the call is made: ALLOW and LOG. */
gboolean aak_seccomp_lets_pass (guint32 action);

/* TRUE where @profile lists the architecture of libseccomp's word @word ("x86_64"). */
gboolean aak_seccomp_lists_arch (const AakSeccompProfile *profile, const char *word);

/* "SCMP_ARCH_X86_64" for "x86_64", and the other way round, of a name that a profile lists. Newly
 * allocated. */
char *aak_seccomp_arch_name (const char *word);
char *aak_seccomp_arch_word (const char *name);
