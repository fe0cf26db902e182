/* SPDX-License-Identifier: GPL-2.0-or-later
 * One rule as a line of a profile: with what it rests on, as a comment behind it. */
#pragma once

#include "learn/profile.h"

/* When the comment says what a rule rests on. */
typedef enum
{
  AAK_EVIDENCE_OF_WIDENED, /* where it allows more than was seen */
  AAK_EVIDENCE_ALWAYS,
} AakEvidence;

/* @rule's line, without indentation and newline. An active rule: "/a* r,  # temporary: 2 files, 2
 * events, 1 run". One that waits for review: the same behind a #, with the reason and the id that
 * allows it. What no rule can say: a comment that tells so. Newly allocated. */
char *aak_rule_line (const AakRule *rule, AakEvidence evidence);
