/* SPDX-License-Identifier: GPL-2.0-or-later
 * Child profiles that a base gets: of programs that it does not let run at all. */
#pragma once

#include "learn/base.h"
#include "learn/observations.h"
#include "learn/profile.h"

/* What came of it. */
typedef struct
{
  AakBase *base;                 /* with the children, or NULL where there are none */
  AakObservations *observations; /* with the names that it, or the old one, has for children */
  GPtrArray *children;           /* AakChild*, those that the base got */
  char *why; /* why there are none although some were found, for people; else NULL */
} AakRefinedChildren;

void aak_refined_children_clear (AakRefinedChildren *children);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakRefinedChildren, aak_refined_children_clear)

/* Finds the children of @observations (aak_generalise_children()) that @base has not, and whose
 * programs it neither lets run nor forbids to (deny), and adds them behind the rules of its
 * profile, with a rule for each program that enters one. Where the base lets a program run, that
 * stays as it is. It is proved that all that @base allows is allowed as before. Where the text does
 * not compile with them, as there can be too many, there are none. */
gboolean aak_refine_children (const AakBase *base, const AakObservations *observations,
                              gboolean exact, AakRefinedChildren *out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
