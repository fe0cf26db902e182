/* SPDX-License-Identifier: GPL-2.0-or-later
 * Why each call is in a profile, and why others are not: for people and for programs. */
#pragma once

#include "learn/syscall-profile.h"
#include "lib/cli.h"

void aak_syscall_explain_text (AakCli *cli, const AakSyscallProfile *profile);

/* The same as the document "aakit/seccomp/1". */
void aak_syscall_explain_json (AakCli *cli, const AakSyscallProfile *profile);

/* Says on stderr what was left out although it was seen, and how it is allowed. */
void aak_syscall_tell_omitted (AakCli *cli, const AakSyscallProfile *profile);
