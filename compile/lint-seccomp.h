/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looks for what is wrong with a seccomp profile. */
#pragma once

#include "compile/finding.h"
#include "lib/seccomp/profile.h"

/* One that is looked at. */
typedef struct
{
  const AakPolicySource *source;
  const AakSeccompProfile *profile;
  const GPtrArray *unknown; /* names that libseccomp does not know (char *) */
  GPtrArray *findings;      /* what is found is added here */
} AakLintSeccomp;

/* All that is looked for. */
void aak_lint_seccomp (const AakLintSeccomp *lint);
