/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How much a compiled profile leaves open: the table of exposures, asked. */
#pragma once

#include "lib/policy/exposure-table.h"
#include "lib/policy/score-number.h"
#include "lib/features.h"
#include "lib/policy/set.h"

#include <glib.h>

typedef enum
{
  AAK_EXPOSED_NOT,        /* every question was denied */
  AAK_EXPOSED_BY_RULES,   /* the rules allow it */
  AAK_EXPOSED_BY_SILENCE, /* the policy has no rules of the class, which the kernel would mediate */
  AAK_EXPOSED_BY_THE_KERNEL /* the kernel does not mediate the class: no claim */
} AakExposed;

/* What came of an entry of the table. */
typedef struct
{
  const AakExposure *exposure;
  AakExposed exposed;
  char *question; /* the one that was allowed, as `aa-compile query` takes it; else NULL */
  char *name;     /* the file that it found, for a question about any; else NULL */
} AakScoreLine;

typedef struct
{
  GPtrArray *lines; /* of AakScoreLine, in the order of the table */
  guint score;      /* AAK_SCORE_MAX for a profile that enforces nothing */
  guint by_rules;   /* the score of its rules, whatever its mode is */
  guint sum;        /* what the weights come to: by_rules, unless an entry asks for more */
  guint containerd; /* that of containerd's default profile for the same kernel */
} AakScore;

/* Which classes a kernel mediates, by AakExposureClass. */
typedef struct
{
  gboolean mediated[AAK_EXPOSURE_N_CLASSES];
} AakScoreKernel;

/* The classes that a kernel with these features mediates; all where @features is NULL. */
AakScoreKernel aak_score_kernel (const AakFeatures *features);

/* Asks @profile of @set each question of @table. USAGE where the table asks what is no question.
 * Free with aak_score_free(), before @table. */
AakScore *aak_score_new (const GPtrArray *table, const AakPolicySet *set,
                         const AakPolicyProfile *profile, const AakScoreKernel *kernel,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_score_free (AakScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakScore, aak_score_free)
