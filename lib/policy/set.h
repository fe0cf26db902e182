/* SPDX-License-Identifier: LGPL-2.1-or-later
 * All profiles of one piece of compiled policy. */
#pragma once

#include "lib/policy/profile.h"

#include <glib.h>

/* The most that compiled policy may have, also after it was decompressed. */
#define AAK_POLICY_MAX (64 * 1024 * 1024)

/* The profiles of one blob. */
typedef struct AakPolicySet AakPolicySet;

/* Unpacks the profiles of @blob: as the kernel takes it, or compressed by zstd, bare or behind the
 * header of 8 bytes that parsers from 5.0 on put there. @what names the blob in messages.
 *
 * INVALID, with the profile and the place, where the kernel's unpacker would refuse the bytes, two
 * profiles have one name, or a damaged byte leads outside of a table; TOO_LARGE beyond
 * AAK_POLICY_MAX. Memory stays in proportion to the decompressed blob. Free with
 * aak_policy_set_free(). */
AakPolicySet *aak_policy_set_new (const char *what, GBytes *blob,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_set_free (AakPolicySet *set);
/* Keeps @set until there was another aak_policy_set_free(). Returns it. */
AakPolicySet *aak_policy_set_ref (AakPolicySet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicySet, aak_policy_set_free)

/* The profile called @name, or NULL. Owned by @set. */
const AakPolicyProfile *aak_policy_set_find (const AakPolicySet *set, const char *name);

/* All profiles, in the order of the blob (of AakPolicyProfile). Owned by @set. */
GPtrArray *aak_policy_set_profiles (const AakPolicySet *set);

/* The profile that the kernel would choose for the program @path (@len bytes): a child of @parent,
 * or, where that is NULL, a profile that is no child. The one whose attachment is most exact; NULL
 * where none of the set attaches, or two are equally exact. Conditions on extended attributes are
 * not looked at. Owned by @set. */
const AakPolicyProfile *aak_policy_set_attach (const AakPolicySet *set, const char *parent,
                                               const char *path, gsize len);
