/* SPDX-License-Identifier: GPL-2.0-or-later
 * The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards) as far
 * as a node can see whether a container keeps them. */
#pragma once

#include "learn/security-view.h"

/* Of the standard that the controls are those of. */
#define AAK_POD_SECURITY_VERSION "v1.34"

typedef enum
{
  AAK_LEVEL_BASELINE,
  AAK_LEVEL_RESTRICTED,
  AAK_LEVEL_N,
} AakLevel;

typedef enum
{
  AAK_VERDICT_HOLDS,
  AAK_VERDICT_UNKNOWN, /* the node cannot tell */
  AAK_VERDICT_FAILS,
} AakVerdict;

typedef struct
{
  AakLevel level;
  const char *id;    /* "privilege-escalation" */
  const char *field; /* of the pod: what to set, and to what */
} AakControl;

typedef struct
{
  const AakControl *control;
  AakVerdict verdict;
  char *why; /* one line, escaped; NULL where there is nothing to say */
} AakFinding;

/* Judges a container by all controls up to @level, which has those of the levels below: an array of
 * AakFinding, in the order of the standard, that the caller drops. */
GPtrArray *aak_pod_security_judge (const AakSecurityView *view, AakLevel level);

/* What @findings come to for @level: fails where a control of it or below fails, else unknown where
 * one is. */
AakVerdict aak_pod_security_sum (const GPtrArray *findings, AakLevel level);

/* Controls that a node never sees, since they act before a container is there: an array of
 * AakControl that ends with a NULL id. */
const AakControl *aak_pod_security_unseen (void);

/* "baseline", "restricted"; and back: FALSE where there is no such level. */
const char *aak_level_name (AakLevel level);
gboolean aak_level_parse (const char *word, AakLevel *out_level);

/* "holds", "unknown", "fails" */
const char *aak_verdict_name (AakVerdict verdict);
