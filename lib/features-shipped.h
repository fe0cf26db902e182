/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The feature sets that aakit carries in itself (profiles/features.yaml). */
#pragma once

#include "lib/features.h"

typedef struct
{
  char *name; /* "debian-12-6.1" */
  char *from; /* which kernel it is of, and how it was obtained */
  AakFeatures *features;
} AakShippedFeatures;

/* All of them, in the table's order; of AakShippedFeatures. Not to be freed. */
const GPtrArray *aak_features_shipped (void);
