/* SPDX-License-Identifier: GPL-2.0-or-later
 * The feature sets that --features names, any number of times. */
#pragma once

#include "lib/features.h"

#include <glib.h>

typedef struct
{
  GPtrArray *sets;  /* AakFeatures, each once, in the order in which they were named */
  GPtrArray *names; /* char *, of each: as it was named, escaped */
} AakFeatureChoice;

/* The sets @names (NULL-terminated), or where it is NULL the running kernel's, of which @root says
 * where its files are. Errors as aak_features_named() and aak_features_kernel() have them. Free
 * with aak_feature_choice_free(). */
AakFeatureChoice *aak_feature_choice_new (char **names, const char *root,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for what @paths (char *) name: where all of them are seccomp profiles and no set is
 * named, none is needed. */
AakFeatureChoice *aak_feature_choice_for (char **names, const GPtrArray *paths, const char *root,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_feature_choice_free (AakFeatureChoice *choice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFeatureChoice, aak_feature_choice_free)
