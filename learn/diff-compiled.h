/* SPDX-License-Identifier: GPL-2.0-or-later
 * Sides of aa-learn diff as the compiler has them: what only the compiled policy can tell. */
#pragma once

#include "learn/diff-input.h"
#include "lib/policy/excess.h"
#include "lib/policy/set.h"

/* Two sides, compiled. */
typedef struct
{
  AakAbi abi;
  AakPolicySet *sets[2];
  const AakPolicyProfile *profiles[2];
  char *unmade; /* why nothing was compiled (no apparmor_parser, ...); NULL: it was */
} AakDiffCompiled;

void aak_diff_compiled_clear (AakDiffCompiled *compiled);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakDiffCompiled, aak_diff_compiled_clear)

/* Compiles both. POLICY or COMPILER where a text does not compile; INVALID where it cannot be told
 * which profile of a text is meant: that of the other side's name, or its only one. That nothing
 * here can compile is no error. The caller clears @out. */
gboolean aak_diff_compiled_make (const AakDiffInput *a, const AakDiffInput *b, AakDiffCompiled *out,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes from @excess (AakRuleExcess: rules of one side, what the other one lacks) the active rules
 * that the side @other (0 or 1) allows as a whole, by several of its rules together, and from file
 * rules the permissions that it does. Errors as above. */
gboolean aak_diff_compiled_filter (const AakDiffCompiled *compiled, GArray *excess, guint other,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the side @one allows and the other does not (of AakExcess, see aak_policy_excess(), without
 * what is only recorded). The caller owns the array. */
GPtrArray *aak_diff_compiled_excess (const AakDiffCompiled *compiled, guint one, gboolean *out_more,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
