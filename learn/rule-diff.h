/* SPDX-License-Identifier: GPL-2.0-or-later
 * What one profile allows that another one does not, rule by rule. */
#pragma once

#include "learn/profile.h"

/* A rule, and those of its permissions that the other profile does not give. */
typedef struct
{
  const AakRule *rule; /* the profile's */
  guint perms;         /* 0 where it has none: a capability */
} AakRuleExcess;

/* The excess of @profile over @other (AakRuleExcess, in the order of the rules; the caller owns the
 * array). A rule is covered by those of the same class that mean the same names, or are patterns
 * that match all that it matches, and that are no less active: what waits for review in @other
 * covers only what does so in @profile. Rules that every profile has (implied) are no excess. Each
 * rule of @other is looked at by itself: a pattern is in the list where only several together match
 * as much. */
GArray *aak_rule_diff (const AakProfile *profile, const AakProfile *other);
