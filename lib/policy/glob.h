/* SPDX-License-Identifier: LGPL-2.1-or-later
 * AppArmor's patterns (apparmor.d(5), Globbing) as small automatons: which names match one, and
 * does one match all that another one matches? */
#pragma once

#include <glib.h>

/* The most steps that the automaton of a pattern may have. */
#define AAK_POLICY_GLOB_MAX 4096

typedef struct AakPolicyGlob AakPolicyGlob;

/* Compiles @pattern, a text as the parser has it behind its scanner: without quotes, variables
 * expanded. NULL where it is no pattern, has a form that this reader does not know, or is too
 * large: then nothing can be said of it. Free with aak_policy_glob_free(). */
AakPolicyGlob *aak_policy_glob_new (const char *pattern);
void aak_policy_glob_free (AakPolicyGlob *glob);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyGlob, aak_policy_glob_free)

/* A pattern of the names that any of @globs (of AakPolicyGlob, one at least) matches. NULL where it
 * would be too large. */
AakPolicyGlob *aak_policy_glob_union (const GPtrArray *globs);

/* TRUE where @glob matches the @len bytes of @name. */
gboolean aak_policy_glob_match (const AakPolicyGlob *glob, const char *name, gsize len);

/* TRUE where @glob matches every name that @inner matches, decided by walking both automatons side
 * by side. What it costs is taken off @budget (a unit is about a nanosecond); FALSE also where that
 * was too little, and then it is 0. */
gboolean aak_policy_glob_includes (const AakPolicyGlob *glob, const AakPolicyGlob *inner,
                                   guint64 *budget);

/* TRUE where it matches one name only. */
gboolean aak_policy_glob_is_exact (const AakPolicyGlob *glob);

/* What all names that it matches begin with, up to 64 bytes of it. Owned by @glob. */
const char *aak_policy_glob_prefix (const AakPolicyGlob *glob);

/* One of the names that it matches. Owned by @glob. */
const char *aak_policy_glob_sample (const AakPolicyGlob *glob);
