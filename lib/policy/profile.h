/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A compiled profile, unpacked: what the kernel would hold after loading it. */
#pragma once

#include "lib/policy/blob.h"
#include "lib/policy/db.h"

#include <glib.h>

/* Capabilities by number: bit 0 is chown. */
typedef struct
{
  guint64 allow;
  guint64 audit;
  guint64 quiet;
} AakPolicyCapabilities;

#define AAK_POLICY_N_LIMITS 16

/* Resource limits by number, as RLIMIT_* of most machines: 0 is cpu. */
typedef struct
{
  guint32 set;                       /* bit 0: there is a limit of cpu */
  guint64 most[AAK_POLICY_N_LIMITS]; /* the highest hard limit that may be set */
} AakPolicyLimits;

/* What names of files are (security/apparmor/include/path.h). */
#define AAK_PATH_ATTACH_DISCONNECTED 0x00004u
#define AAK_PATH_CHROOT_RELATIVE     0x00008u
#define AAK_PATH_CHROOT_ATTACH       0x00010u
#define AAK_PATH_MEDIATE_DELETED     0x10000u

/* A profile. To be read only; lib/policy/query.h asks it. */
typedef struct
{
  char *name; /* full name; children are "parent//child" */
  AakMode mode;
  gboolean is_hat;
  gboolean audit_all;  /* flags=(audit) */
  guint32 path_flags;  /* AAK_PATH_*, and others that no rule of a text gives a name */
  char *disconnected;  /* the path that disconnected ones are attached to; NULL: none */
  guint32 kill_signal; /* of mode kill; 0: none is named */
  AakPolicyCapabilities capabilities;
  AakPolicyLimits limits;
  AakPolicyDb *attachment;   /* paths of programs; empty where only the name itself is one */
  GPtrArray *attributes;     /* char *: names of the extended attributes that it looks at, too */
  guint32 attachment_length; /* of the longest part without a pattern: more exact is stronger */
  AakPolicyDb *rules;
  AakPolicyDb *files; /* empty where they are in @rules */
} AakPolicyProfile;

/* Unpacks the profile of @blob that is at @where. INVALID where the kernel's unpacker would refuse
 * it; the message says near which byte of @blob. Free with aak_policy_profile_free(). */
AakPolicyProfile *aak_policy_profile_new (GBytes *blob, const AakBlobProfile *where,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_profile_free (AakPolicyProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyProfile, aak_policy_profile_free)
