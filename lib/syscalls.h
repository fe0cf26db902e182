/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The names of architectures and of their system calls. */
#pragma once

#include <glib.h>

/* What a call is named whose number no kernel gives a meaning. */
#define AAK_SYSCALL_UNKNOWN "unknown"

/* An architecture, as the kernel tells it to filters and in audit records (AUDIT_ARCH_* in
 * linux/audit.h). Those of x32 carry the token of x86_64 there, and here one of their own
 * (libseccomp, SCMP_ARCH_X32). */
typedef guint32 AakArch;

/* The architecture of a call of the record's or filter's @arch and @number: that, or x32, whose
 * calls have the bit 30 (__X32_SYSCALL_BIT in asm/unistd.h). */
AakArch aak_syscall_arch (AakArch arch, guint32 number);

/* "x86_64", "x32", "aarch64": libseccomp's word, which OCI profiles have in capital letters behind
 * SCMP_ARCH_. NULL for an architecture that has none. Static. */
const char *aak_syscall_arch_word (AakArch arch);

/* The reverse; FALSE for an unknown word. */
gboolean aak_syscall_arch_find (const char *word, AakArch *out);

/* The architecture that this program was built for. */
AakArch aak_syscall_arch_native (void);

/* The words (const char*, the caller owns the array) of that one and of those whose programs such a
 * machine runs as well: x86 and x32 beside x86_64. */
GPtrArray *aak_syscall_archs_here (void);

/* The name of the call @number of @arch, "openat", newly allocated. Where neither libseccomp nor
 * this program knows it, "#512", or AAK_SYSCALL_UNKNOWN for what is no number of a call anywhere:
 * programs can make calls of any number, and their names must not become without bound. */
char *aak_syscall_name (AakArch arch, guint32 number);

/* TRUE where @arch has a call of that name. */
gboolean aak_syscall_exists (AakArch arch, const char *name);

/* TRUE for what aak_syscall_name() can give. */
gboolean aak_syscall_is_name (const char *text);
