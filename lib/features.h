/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A kernel's AppArmor feature set: what a policy is compiled for, and the short name of it. */
#pragma once

#include "lib/json.h"

typedef struct AakFeatures AakFeatures;

/* The length of an id, without the NUL. */
#define AAK_FEATURES_ID_LEN 12
/* Of a text: libapparmor (features.c, STRING_SIZE) and with it apparmor_parser take no more. */
#define AAK_FEATURES_MAX_TEXT 8192

/* Reads a feature set from @path: a directory (a copy of /sys/kernel/security/apparmor/features) or
 * the flat file that `apparmor_parser -M` takes. Both forms of one set are equal afterwards.
 * INVALID where it is no feature set: a parser that is given one compiles a far weaker policy
 * without a word. Free with aak_features_free(). */
AakFeatures *aak_features_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* aak_features_read() of the path @name, or, where there is none, the feature set of that name
 * that aakit carries ("debian-12-6.1", lib/features-shipped.h), or that was put into its folder of
 * feature sets. NOT_FOUND where it is none of them. */
AakFeatures *aak_features_named (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The feature set of the kernel below @root. APPARMOR_OFF where there is none. */
AakFeatures *aak_features_kernel (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The feature set that @text (the flat form) describes; @what names it in messages. */
AakFeatures *aak_features_parse (const char *what, const char *text,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

AakFeatures *aak_features_copy (const AakFeatures *features);
void aak_features_free (AakFeatures *features);

/* The flat text, as libapparmor makes it from the directory. Owned by @features. */
const char *aak_features_text (const AakFeatures *features);

/* The short name: the first 12 hex digits of the sha256 over the text. Owned by @features. */
const char *aak_features_id (const AakFeatures *features);

/* TRUE where the set has the part @path ("network_v8", "namespaces/mask/userns_create"). */
gboolean aak_features_has (const AakFeatures *features, const char *path);

/* The document "aakit/features/1": id and text. The caller owns it. */
AakJson *aak_features_to_json (const AakFeatures *features);

/* TRUE where @id has the form of an id. */
gboolean aak_features_is_id (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFeatures, aak_features_free)
