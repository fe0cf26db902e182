/* SPDX-License-Identifier: GPL-2.0-or-later
 * The scores of several profiles, and what they come to. */
#pragma once

#include "compile/failures.h"
#include "lib/policy/score.h"
#include "lib/policy/open.h"

#include <glib.h>

/* A profile that was scored. */
typedef struct
{
  char *path; /* where its policy was found */
  char *name;
  AakMode mode;
  char *features; /* the id of the feature set that it was compiled for; NULL: not known */
  AakScore *score;
} AakScored;

typedef struct
{
  GPtrArray *profiles;   /* of AakScored, in the order of the policy */
  AakFailures *failures; /* of the texts that could not be scored */
  const char *only;      /* the name of the profile that is wanted; NULL: all */
} AakScoreSheet;

/* @only may be NULL, and is kept by the caller. Free with aak_score_sheet_free(). */
AakScoreSheet *aak_score_sheet_new (const char *only);
void aak_score_sheet_free (AakScoreSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakScoreSheet, aak_score_sheet_free)

/* Adds the profiles of the policy @path and their children, see aak_policy_open_each(). What is
 * wrong with a text, or a file, is added to the failures; an error only where nothing of @path
 * could be read at all, or no text can be compiled because no feature set is known. */
gboolean aak_score_sheet_add (AakScoreSheet *sheet, const char *path, const AakPolicyOpen *where,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The profile with the highest score, the first of several; NULL where there is none. */
const AakScored *aak_score_sheet_highest (const AakScoreSheet *sheet);

/* The mean of all scores, in tenths and rounded up; 0 where there is none. */
guint aak_score_sheet_mean (const AakScoreSheet *sheet);
