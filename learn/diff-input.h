/* SPDX-License-Identifier: GPL-2.0-or-later
 * A side of aa-learn diff: a state, or a profile text. */
#pragma once

#include "learn/profile.h"

typedef struct
{
  const char *path;    /* as it was named */
  AakProfile *profile; /* the rules; NULL for a text that no state beside it leads to */
  char *text;          /* of the profile */
  GPtrArray *syscalls; /* of a state: what its seccomp profile allows (learn/syscall-diff.h) */
  GPtrArray *security; /* of a state: what its containers hold and need (learn/security-diff.h) */
} AakDiffInput;

void aak_diff_input_clear (AakDiffInput *input);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakDiffInput, aak_diff_input_clear)

/* Reads @path, with nothing widened where @exact. INVALID where it is neither. The caller clears
 * @out, which keeps @path. */
gboolean aak_diff_input_read (const char *path, gboolean exact, AakDiffInput *out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
