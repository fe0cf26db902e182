/* SPDX-License-Identifier: GPL-2.0-or-later
 * Where the rules stand that a difference comes from. */
#pragma once

#include "lib/policy/excess.h"
#include "lib/policy/source.h"

typedef struct AakRulePlaces AakRulePlaces;

/* @base: where the includes are, see aak_compiler_new(). Free with aak_rule_places_free(), behind
 * all places that came of it. */
AakRulePlaces *aak_rule_places_new (const char *base);
void aak_rule_places_free (AakRulePlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRulePlaces, aak_rule_places_free)

/* The rule of the profile @name of @path, a text or a bundle, that allows what is in @excess, or
 * where @deny the one that denies it; the first of several, one of the text itself rather than of
 * what it includes. FALSE where there is none, or it cannot be told: of compiled files, of learned
 * states, and of classes whose rules are not looked into. */
gboolean aak_rule_places_find (AakRulePlaces *places, const char *path, const char *name,
                               const AakExcess *excess, gboolean deny, AakPolicyPlace *out);
