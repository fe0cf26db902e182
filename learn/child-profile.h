/* SPDX-License-Identifier: GPL-2.0-or-later
 * A profile whose programs have child profiles of their own. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* As aak_generalise(), but what children of the label were seen to do becomes a child profile
 * (profile->children) for each that can have one (aak_child_split()). Children whose rules are
 * equal become one; one whose rules are those of the label becomes part of it; the file of their
 * program, which each reads, does not tell them apart.
 *
 * In a recording in which a program had no label of its own, what it did was seen under the
 * label. Rules that rest on nothing but such recordings, and that no child was seen to need later,
 * are given to the label and to the children whose programs ran so: whose they were is not known,
 * and nothing that was seen may be refused.
 *
 * *@out_trace is as that of aak_generalise_traced(), of the label's own rules; a child's has its
 * own (AakProfile). The array belongs to the caller, and must not outlive the profile. */
AakProfile *aak_generalise_children (const AakObservations *observations, gboolean exact,
                                     GArray **out_trace);
