/* SPDX-License-Identifier: GPL-2.0-or-later
 * The small pieces that the forms of aa-learn show are made of. Texts are newly allocated, and
 * fit for a terminal and for JSON. */
#pragma once

#include "learn/evidence.h"
#include "lib/json.h"

/* "/etc/hosts r" or "signal (send) k8s-web term": an access, as the state names it. */
char *aak_show_access (const AakObservation *access);
/* The text of a rule; what no rule can say is shown as an access. */
char *aak_show_rule (const AakRule *rule);
/* "pid: 2 files, 2 events, 1 run": what a rule rests on, behind its pass and why it is not active.
 */
char *aak_show_rests_on (const AakRuleEvidence *rule);
/* Whether a run's account is complete, in words: "nothing lost". */
char *aak_show_verdict (const AakRun *run);
/* "active", "review", "unwritable", "unmediated" or "implied"; static. */
const char *aak_show_standing (const AakRule *rule);
/* Why a rule waits for review or cannot be written; static, or NULL. */
const char *aak_show_reason (const AakRule *rule);
/* The word of a class as the state has it: "file"; static. */
const char *aak_show_class (AakClass class);

/* How many accesses of @class there are, and how many active rules. */
void aak_show_count_class (const AakEvidence *evidence, AakClass class, guint *out_accesses,
                           guint *out_rules);

/* The members of a rule, into an object that was begun. */
void aak_show_add_rule (AakJson *json, const AakRuleEvidence *rule);
