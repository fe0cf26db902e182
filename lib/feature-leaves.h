/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What is in a feature set, one by one, and what one set has that another one lacks. */
#pragma once

#include "lib/features.h"

/* A file of the feature directory. */
typedef struct
{
  char *path;  /* "caps/mask"; escaped */
  GStrv words; /* of its content, sorted; none where it is empty; escaped */
} AakFeatureLeaf;

/* The files of @features, sorted by path; the caller owns the array. */
GPtrArray *aak_feature_leaves (const AakFeatures *features);

typedef enum
{
  AAK_FEATURE_LACKS,   /* what the second one has not */
  AAK_FEATURE_MORE,    /* what the first one has not */
  AAK_FEATURE_DIFFERS, /* a number or a version that is another one */
} AakFeatureChangeKind;

typedef struct
{
  AakFeatureChangeKind kind;
  char *path;
  char *first;  /* the words that the first has and the second has not; NULL with MORE */
  char *second; /* the other way round; NULL with LACKS */
} AakFeatureChange;

/* What differs between @first and @second, sorted by path; of a list of words only those that one
 * of them has not. The caller owns the array, which is empty where both are equal. */
GPtrArray *aak_feature_changes (const AakFeatures *first, const AakFeatures *second);
