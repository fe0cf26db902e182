/* SPDX-License-Identifier: GPL-2.0-or-later
 * Learned profiles, compiled for their abi, whatever kernel runs here. */
#pragma once

#include "learn/profile.h"
#include "lib/policy/set.h"

/* Compiles @text for a kernel that mediates all that @abi does; @what stands for it in messages.
 * NULL without an error, and the reason in *@out_unmade (the caller frees it), where nothing here
 * can compile it: no apparmor_parser, or none that knows the abi. POLICY where the text does not
 * compile, COMPILER where it hung the compiler; @error must not be NULL. Free with
 * aak_policy_set_free(). */
AakPolicySet *aak_abi_compile (AakAbi abi, const char *what, const char *text, char **out_unmade,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
