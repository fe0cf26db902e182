/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does one rule say what another one says, word by word? */
#pragma once

#include "lib/policy/rule.h"

/* TRUE where @outer, peers aside, says all that @inner of the same class says: capabilities,
 * network, signals, ptrace. FALSE for other classes, and where it cannot be told. */
gboolean aak_lint_words_cover (const AakPolicyRule *outer, const AakPolicyRule *inner);
