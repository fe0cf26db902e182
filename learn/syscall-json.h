/* SPDX-License-Identifier: GPL-2.0-or-later
 * Seccomp profiles as container runtimes and the kubelet read them: the member linux.seccomp of the
 * OCI runtime specification (config-linux.md, Seccomp), one document, with a newline at its end. */
#pragma once

#include "learn/syscall-profile.h"

/* The profile: what is not in it is refused. The same profile gives the same bytes. The caller
 * frees it. */
char *aak_syscall_profile_json (const AakSyscallProfile *profile);

/* A profile that lets everything pass and has the kernel log it: all calls, or, with @known, those
 * that this one did not see. Those that every program makes at its end, and those that begin a
 * program, are logged all the same: by them an architecture is found that has only known calls
 * otherwise. Sub-architectures of this machine's are let pass and logged too, where a filter
 * without them would kill. The caller frees it. */
char *aak_syscall_log_json (const AakSyscallProfile *known);
