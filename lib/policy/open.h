/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From what a user names to profiles that can be asked: a text, a compiled file, or a bundle. */
#pragma once

#include "lib/features.h"
#include "lib/policy/set.h"

#include <glib.h>

/* Where to look; each may be NULL. */
typedef struct
{
  const char *root;     /* --root: whose kernel's feature set is meant where none is named */
  const char *features; /* the feature set: a file, a directory, or the name of an installed one */
  const char *base;     /* of the includes, see aak_compiler_new() */
  /* Reads the profile text that a file stands for; NULL: aak_policy_read_text(). */
  GBytes *(*read_text) (const char *path, GError **error);
} AakPolicyOpen;

/* Opens the policy that holds the profile @label: @path is a profile text, which is compiled first
 * for the feature set; a compiled file, which is taken as it is; or a bundle, of which the profile
 * as compiled for the feature set is read (where none is named: the only one, or the kernel's).
 *
 * NOT_FOUND where @path is not there, or has no profile or no feature set of that name; INVALID
 * where it is damaged; POLICY or COMPILER where the text does not compile; APPARMOR_OFF where a
 * feature set must be named. Free with aak_policy_set_free(). */
AakPolicySet *aak_policy_open (const char *path, const char *label, const AakPolicyOpen *where,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Compiles the profile @text for the feature set of @where; @what names it in messages. Errors as
 * above; the caller owns the result. */
GBytes *aak_policy_compile (const char *what, GBytes *text, const AakPolicyOpen *where,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A piece of the policy that a path holds: a text, a compiled file, or a profile of a bundle as it
 * is for one feature set. */
typedef struct
{
  const char *path;            /* of the file, or of the bundle */
  const AakFeatures *features; /* what it was compiled for; NULL where that is not known */
  AakPolicySet *set;           /* may be kept, see aak_policy_set_ref() */
} AakPolicyPiece;

/* What is done with a piece; FALSE with an error ends it. The piece is gone afterwards. */
typedef gboolean (*AakPolicyPieceFunc) (const AakPolicyPiece *piece, gpointer user_data,
                                        GError **error);

/* Opens all policy of @path, piece by piece: that of a text, of the texts of a directory (as
 * aak_policy_collect() finds them, where @where reads texts with learned states), of a
 * compiled file, or of a bundle, there for the feature set of
 * @where, or for each that it has. Errors as above, and those of @each. */
gboolean aak_policy_open_each (const char *path, const AakPolicyOpen *where,
                               AakPolicyPieceFunc each, gpointer user_data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
