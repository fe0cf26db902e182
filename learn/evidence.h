/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the rules of a state rest on: the accesses that each stands for, in which runs they were
 * seen, and how far the whole is from complete. */
#pragma once

#include "learn/completeness.h"
#include "learn/profile.h"

#define AAK_EVIDENCE_BINS 40 /* of the curve */

/* One rule and what it stands for. */
typedef struct
{
  const AakRule *rule;
  GPtrArray *accesses; /* const AakObservation*, in their order */
  guint64 events;
  guint runs; /* that saw one of them */
  guint64 first;
  guint64 last; /* ms since the epoch */
} AakRuleEvidence;

typedef struct
{
  const AakObservations *observations;
  AakProfile *profile;
  GArray *rules; /* AakRuleEvidence, in the order of the profile's rules */
  guint accesses_of_class[AAK_CLASS_OTHER + 1];
  AakCompleteness completeness;
  AakSince since_access; /* since the last new access */
  AakSince since_rule;   /* since the last active rule came */
  guint64 last_rule;     /* when that was, ms since the epoch; 0: there is none */
  guint curve[AAK_EVIDENCE_BINS];
} AakEvidence;

/* @observations must live as long as the result. @exact: of the rules that are not widened. @abi:
 * of a profile for that abi. */
AakEvidence *aak_evidence_new (const AakObservations *observations, gboolean exact, AakAbi abi);
void aak_evidence_free (AakEvidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakEvidence, aak_evidence_free)

const AakRuleEvidence *aak_evidence_rule (const AakEvidence *evidence, guint index);

/* The rules (const AakRuleEvidence*) that @question means: those whose text it is (blanks, the
 * comment at the end, the "#" of a rule for review and the last comma do not matter), else the file
 * rules that match it as a path. The array, which may be empty, belongs to the caller. */
GPtrArray *aak_evidence_find (const AakEvidence *evidence, const char *question);
