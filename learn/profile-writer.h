/* SPDX-License-Identifier: GPL-2.0-or-later
 * A profile as text that plain apparmor_parser takes. */
#pragma once

#include "learn/profile.h"

/* The text of @profile: abi pin, the runtime block, then the rules by class; rules that wait for
 * review, and what no rule can say, are comments. Whatever was observed, the text parses. The same
 * profile gives the same bytes. */
char *aak_profile_to_text (const AakProfile *profile);

/* The text of @child as it stands inside of the profile above it, after an empty line. */
char *aak_profile_child_text (const AakChild *child);
/* The rule of that profile by which the exec of @program, one of the child's, enters it. Both are
 * newly allocated. */
char *aak_profile_program_rule (const AakChild *child, const char *program);

/* What a rule rests on ("1 file, 2 events, 1 run"). Newly allocated. */
char *aak_profile_rule_evidence (const AakRule *rule);

/* What the variable @name ("@{pid}") stands for in a learned profile, a pattern; NULL where there
 * is no such variable. Static. */
const char *aak_profile_variable (const char *name);

/* The learning profile for @label, under @abi: complain mode, one label whatever is executed, and
 * the container
 * runtime's default denials, so that staging is no less guarded than before. @programs: NULL, or
 * paths (char*) that aak_child_name_for() has names for; what executes one of them directly under
 * @label, and whatever that executes, has a label of its own, the child of that name. */
char *aak_profile_learning_text (const char *label, AakAbi abi, const GPtrArray *programs);
