/* SPDX-License-Identifier: GPL-2.0-or-later
 * One side of a comparison: all profiles of what was named. */
#pragma once

#include "lib/policy/open.h"

#include <glib.h>

typedef struct
{
  char *name;     /* of the profile; children are "parent//child" */
  char *path;     /* of the file, or the bundle, that it is in */
  char *features; /* the id of the feature set that it is compiled for; NULL: not known */
  const AakPolicyProfile *profile;
} AakDiffProfile;

typedef struct AakDiffSide AakDiffSide;

/* Opens @path: a text, a learned state, a compiled file, a bundle, or a directory of texts. Errors
 * as aak_policy_open_each() has them; INVALID where a profile is there twice. */
AakDiffSide *aak_diff_side_open (const char *path, const AakPolicyOpen *where,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_diff_side_free (AakDiffSide *side);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakDiffSide, aak_diff_side_free)

/* The profiles, sorted by name and feature set (AakDiffProfile). Owned by @side. */
GPtrArray *aak_diff_side_profiles (const AakDiffSide *side);

/* The only profile that is no child; NULL where there are several, or none. Owned by @side. */
const char *aak_diff_side_only (const AakDiffSide *side);

/* How many feature sets the profiles were compiled for; one that is not known counts. */
guint aak_diff_side_feature_sets (const AakDiffSide *side);
