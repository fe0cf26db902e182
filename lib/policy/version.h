/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Profiles whose names have a version: "k8s-web" becomes "k8s-web-1a2b3c4d", the beginning of the
 * sha256 of the text. So an old and a new one can be loaded side by side, and each pod wears the
 * one that it was made for. */
#pragma once

#include <glib.h>

#define AAK_POLICY_VERSION_LENGTH 8 /* digits, after a dash */

/* @text with the version in the names of its profiles, in the header of each, and where rules of
 * the text name them: as peer, and after an arrow. Names in variables and in included files stay.
 * A text whose names have just their version is given back as it is. INVALID, as "WHAT:LINE:COLUMN:
 * why", where a profile's name is not of letters, digits, '-', '_' and '.', as those that pods name
 * are, there is none, or the text cannot be read. */
GBytes *aak_policy_version (const char *what, GBytes *text,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the profile @name of @text is called then; it may have its version already. NOT_FOUND where
 * there is none of that name; else as above. The caller frees it. */
char *aak_policy_version_name (const char *what, GBytes *text, const char *name,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
