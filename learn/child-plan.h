/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which programs a learning profile gives labels of their own. */
#pragma once

#include "learn/observations.h"

/* The programs (char*, sorted) that were executed under the label of @observations, itself no
 * child, and that can have one: with a name that is the same every day, not written by the
 * application, and not kept out of a child by no_new_privs. Of more than AAK_CHILDREN_MAX, those
 * that were executed most often. The array and its elements belong to the caller. */
GPtrArray *aak_child_plan (const AakObservations *observations);

typedef struct
{
  guint lacking; /* of those, how many never ran under a label of their own */
  guint beyond;  /* how many more there are */
  guint kept;    /* how many children no_new_privs kept an exec out of */
} AakChildCounts;

void aak_child_plan_count (const AakObservations *observations, AakChildCounts *out);
