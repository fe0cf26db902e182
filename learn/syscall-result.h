/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a recording leaves behind of system calls: NAME.seccomp.json, beside the state. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* Writes the profile of @whole into the directory @dir, and tells what it leaves out. A file in its
 * place that is not what aakit made of @older (the state that lies beside it, or NULL) stays, and
 * the profile goes to NAME.seccomp.json.new. *@out_path: where it is, or NULL where no call was
 * seen; *@out_finding becomes TRUE where calls that were seen are not in it. */
gboolean aak_syscall_result_write (AakCli *cli, const char *dir, const AakObservations *whole,
                                   const AakObservations *older, gboolean exact, char **out_path,
                                   gboolean *out_finding, GError **error) G_GNUC_WARN_UNUSED_RESULT;
