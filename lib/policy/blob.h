/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Walks compiled policy: which profiles it holds, where each lies, and the hash the kernel will
 * show for it. */
#pragma once

#include "lib/mode.h"

#include <glib.h>

#define AAK_BLOB_N_HASHES 2

/* One profile inside a blob. */
typedef struct
{
  char *name; /* full name; children are "parent//child" */
  AakMode mode;
  guint32 version; /* the header's version word */
  gsize start;     /* of its header */
  gsize body;      /* of what the kernel hashes: behind the header */
  gsize end;       /* behind its last byte */
  char **hashes;   /* AAK_BLOB_N_HASHES that were computed so far: see aak_policy_blob_hash() */
} AakBlobProfile;

void aak_blob_profile_free (AakBlobProfile *profile);

/* TRUE where @data begins as compiled policy does, or as what is compressed by zstd, bare or behind
 * a header of 8 bytes (lib/policy/inflate.h). */
gboolean aak_policy_blob_is (GBytes *data);

/* The profiles of @blob in their order: an array of AakBlobProfile that the caller owns. @what
 * names the blob in messages. INVALID, with the offset, where the bytes are not what the kernel's
 * unpacker takes: truncated, nested too deep, without a name, of another policy version,
 * compressed. (security/apparmor/policy_unpack.c) */
GPtrArray *aak_policy_blob_parse (const char *what, GBytes *blob,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The kernel's own hash of @profile: over the version word and the bytes behind the header
 * (security/apparmor/crypto.c). @algorithm: "sha1" (up to 6.11) or "sha256". Gives "ALGORITHM:HEX",
 * or NULL for another algorithm; the caller frees it. It is computed once, and so not by two
 * threads at a time. */
char *aak_policy_blob_hash (GBytes *blob, const AakBlobProfile *profile, const char *algorithm);
/* TRUE where aak_policy_blob_hash() has the hash already. */
gboolean aak_policy_blob_knows_hash (const AakBlobProfile *profile, const char *algorithm);
