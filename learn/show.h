/* SPDX-License-Identifier: GPL-2.0-or-later
 * A state for people and for programs: what aa-learn show prints. */
#pragma once

#include "learn/evidence.h"
#include "lib/cli.h"

/* The whole of a state. The texts that come out of it are escaped: no byte of a name reaches the
 * terminal as a control character. */
void aak_show_text (AakCli *cli, const AakEvidence *evidence);
/* The same as an object in @json. */
void aak_show_json (AakJson *json, const AakEvidence *evidence);

/* The part of it that says what containers need of their security context. */
void aak_show_security_text (AakCli *cli, const AakObservations *observations);

/* What the @rules (const AakRuleEvidence*) rest on: the first accesses and runs of the first rules,
 * and how many there are beyond those. */
void aak_show_why_text (AakCli *cli, const AakEvidence *evidence, GPtrArray *rules);
void aak_show_why_json (AakJson *json, const AakEvidence *evidence, GPtrArray *rules);
