/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the seccomp profile of one state allows that another one's does not. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* What the seccomp profile of @observations allows, as rules of AAK_CLASS_SYSCALL (AakRule, in
 * order): the architectures, name "arch", and the calls, name "", each in the detail; what waits
 * for review does so there. No text of a profile has them. None where no call was seen. The caller
 * owns the array, and it its elements. */
GPtrArray *aak_syscall_rules (const AakObservations *observations, gboolean exact);

/* Adds to @excess (AakRuleExcess) the rules of @rules that @others does not have, or for review
 * only. NULL stands for none. */
void aak_syscall_diff (const GPtrArray *rules, const GPtrArray *others, GArray *excess);
