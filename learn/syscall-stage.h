/* SPDX-License-Identifier: GPL-2.0-or-later
 * The seccomp profile of a staging node: it lets everything pass, and the kernel logs it. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* Where the kubelet looks for the profiles that pods name (its --root-dir and "seccomp"), and the
 * directory of ours there. */
#define AAK_SYSCALL_STAGE_ROOT "/var/lib/kubelet/seccomp"
#define AAK_SYSCALL_STAGE_DIR  "aakit/log"

/* Puts the profile for @label where a kubelet finds it, below --root: one that logs all calls, or,
 * with @known, those that this state of the label does not have. Equal bytes are not written again;
 * a file in its place that aa-learn did not write is INVALID, as is a directory that others can
 * write to. Warns where the kernel does not log what is let pass. */
gboolean aak_syscall_stage (AakCli *cli, const char *label, const AakObservations *known,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says how a pod gets under the profile of @label. */
void aak_syscall_stage_explain (AakCli *cli, const char *label);
