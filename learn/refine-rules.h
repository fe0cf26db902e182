/* SPDX-License-Identifier: GPL-2.0-or-later
 * The rules of a learned profile that a base lacks. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* The whole of an access of a class without permissions; beside AakPerm bits. */
#define AAK_LACK_ALL (1u << 31)

/* What is lacked, and by which rules it is dealt with: bits for each access, in the order of
 * aak_observations_sorted(). */
typedef struct
{
  AakAbi abi;        /* that the rules are for */
  gboolean trial;    /* rules that should wait for review are active, to see what comes of it */
  gboolean reviewed; /* out: and there are such rules */
  guint n;
  guint *lacked;    /* AakPerm bits that are to be allowed, or AAK_LACK_ALL; 0: nothing */
  guint *granted;   /* out: those of them that an active rule is to allow */
  guint *left;      /* out: those that wait for review, or that no rule can say */
  gboolean *varies; /* out: a rule for it has a variable */
} AakLack;

void aak_lack_init (AakLack *lack, guint n);
void aak_lack_clear (AakLack *lack);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakLack, aak_lack_clear)

/* The rules for @observations, a part of @whole (aak_generalise_part()), without those that allow
 * nothing of what is lacked, and each with no more permissions than that. Sets granted and left of
 * @lack. The caller owns the result. */
AakProfile *aak_refine_rules (const AakObservations *observations, const AakObservations *whole,
                              gboolean exact, AakLack *lack);

/* Puts what the variables of a learned profile stand for into the patterns of @profile's rules.
 * TRUE where there was one. */
gboolean aak_refine_expand (AakProfile *profile);

/* The lines of a learned block for @profile (char*). The caller owns the result. */
GPtrArray *aak_refine_lines (const AakProfile *profile);
