/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Which names of a pattern a claim does not hold for. */
#pragma once

#include "lib/policy/find.h"

/* Sets but and more of @find by its claim and pattern: every name of the pattern is looked at. */
void aak_policy_except (const AakPolicyProduct *product, AakPolicyFind *find);
