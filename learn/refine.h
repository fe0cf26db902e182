/* SPDX-License-Identifier: GPL-2.0-or-later
 * Learned rules join a profile by another hand: those that it lacks, and nothing else changes. */
#pragma once

#include "learn/base.h"
#include "learn/observations.h"
#include "learn/profile.h"

/* What came of it. */
typedef struct
{
  GBytes *text;         /* the base with the new rules; the base itself where there is none */
  AakProfile *added;    /* the rules that are new, those that wait for review, and what no rule can
                           say */
  GPtrArray *forbidden; /* char*, in their order: accesses that the base forbids whatever rules are
                           added (deny), as text for people */
  guint accesses;       /* how many the compiled text was asked for */
  guint denied;         /* those of them that it denies: forbidden, for review, beyond any rule */
  guint not_asked;      /* those that no question can be made of */
  char *no_children;    /* why programs got no child profiles, or NULL */
} AakRefined;

void aak_refined_free (AakRefined *refined);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRefined, aak_refined_free)

/* Adds to @base the rules that it lacks to allow what is in @observations, of its label, as
 * aak_generalise() makes them; what children did counts as the label's own. @exact: nothing is
 * widened. What the base allows is asked of the
 * compiled policy, and so is the outcome: that all of @observations is allowed, but for what waits
 * for review, no rule can say, or `deny` forbids, and that nothing which the base allows is lost.
 * POLICY where one of these does not hold, or the outcome does not compile; INVALID where the
 * base's learned block cannot be read. Refining the outcome again changes nothing. */
AakRefined *aak_refine (const AakBase *base, const AakObservations *observations, gboolean exact,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and before that the base gets child profiles for programs that have labels of their own
 * in @observations, see aak_refine_children(). */
AakRefined *aak_refine_with_children (const AakBase *base, const AakObservations *observations,
                                      gboolean exact, GError **error) G_GNUC_WARN_UNUSED_RESULT;
