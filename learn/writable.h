/* SPDX-License-Identifier: GPL-2.0-or-later
 * What AppArmor's rules can say, and from which abi on. */
#pragma once

#include "learn/profile.h"

/* "3.0" */
const char *aak_abi_word (AakAbi abi);
/* The reverse; USAGE for what is none. */
gboolean aak_abi_from_word (const char *word, AakAbi *out, GError **error);

/* FALSE where @perms, of an access of @class, has none that a rule of that class can have, or one
 * that it cannot have: no event says that, but a state may. */
gboolean aak_writable_has_perms (AakClass class, guint perms);

/* Sets why no rule of a profile for @abi can say @rule, which is of any class but file. */
void aak_writable_check (AakRule *rule, AakAbi abi);

/* Makes @profile one for @abi: the same for its rules. */
void aak_writable_set_abi (AakProfile *profile, AakAbi abi);
