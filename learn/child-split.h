/* SPDX-License-Identifier: GPL-2.0-or-later
 * Dividing what a label was seen to do into what it did itself and what each of its children did
 * that can have a profile of its own. */
#pragma once

#include "learn/observations.h"

/* How many children that programs enter a profile can have: the policy of parsers 3.0 and 4.1 has
 * room for twelve names that an exec leads to ("too many specified profile transitions"), and the
 * learning profile is one of them. */
#define AAK_CHILDREN_MAX 11

/* How many are looked at, and by how many programs one may be entered. */
#define AAK_CHILD_CANDIDATES_MAX 64
#define AAK_CHILD_PROGRAMS_MAX   64

/* The label itself, or one of its children. */
typedef struct
{
  char *name;          /* of the child; "" for the label itself */
  GPtrArray *programs; /* char*, sorted: those whose exec enters the child; none for a hat */
  AakObservations *observations; /* of the label, with its runs, and of no child */
  gboolean *unsure;              /* by run: the programs also ran under the label itself then */
} AakSubject;

/* What @observations say where nobody asks which child it was: everything is the label's own, and
 * an exec into a child is the exec of a file. The caller owns it. */
AakObservations *aak_child_fold (const AakObservations *observations);

/* The children that are told apart in @observations (char*), sorted. The caller owns it. */
GPtrArray *aak_child_names (const AakObservations *observations);

/* What the child @child of the label did, as a label's own; or, for "", the label itself and those
 * children that are not in @apart (char*), whose execs are those of a file. The caller owns it. */
AakObservations *aak_child_take (const AakObservations *observations, const GPtrArray *apart,
                                 const char *child);

/* @observations with other names for children: @names maps old to new ones (both char*). The caller
 * owns it. */
AakObservations *aak_child_rename (const AakObservations *observations, GHashTable *names);

/* The parts of @observations (AakSubject), the label itself first, then children in the order of
 * their names. A child counts with the label itself, and what enters it stays there (ix), where
 *   - nothing was seen of it, or no_new_privs kept an exec out of it: the kernel refuses such an
 *     exec to an enforced profile,
 *   - another child executes into it, or one program enters two,
 *   - its name is not sound, or the exec of its program waits for review,
 *   - there are too many, or @inherited (a set of names) has it.
 * What is not entered by a program, and is no path, is a hat. The array belongs to the caller. */
GPtrArray *aak_child_split (const AakObservations *observations, GHashTable *inherited);
