/* SPDX-License-Identifier: LGPL-2.1-or-later
 * One compiled profile with its children, ready to load: the unit that is bundled, planned and
 * proved. */
#pragma once

#include "lib/mode.h"
#include "lib/policy/blob.h"

#include <glib.h>

/* What the name of a learned state ends with, behind that of its profile's text. */
#define AAK_POLICY_STATE_SUFFIX ".learned.yaml"
/* The same of the patch of a pod. */
#define AAK_POLICY_PATCH_SUFFIX ".pod.yaml"

typedef struct
{
  char *name; /* of the top profile */
  AakMode mode;
  GBytes *blob;                   /* this profile and its children, nothing else */
  GPtrArray *parts;               /* of AakBlobProfile: the profile itself, then its children */
  char *text_name;                /* the file name of its text, as in /etc/apparmor.d */
  GBytes *text;                   /* its text; several policies may share it; NULL: unknown */
  char *sha256;                   /* of the blob, in hex; NULL: not computed yet */
  char *source;                   /* the same of the text */
  gboolean verified;              /* it comes from a bundle whose signature was verified */
  guint64 serial;                 /* of that bundle, as --serial gave it; 0: none */
  const struct AakBundle *bundle; /* that it was loaded from (only to compare with), or NULL */
} AakPolicy;

AakPolicy *aak_policy_ref (AakPolicy *policy);
void aak_policy_unref (AakPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicy, aak_policy_unref)

/* Takes the compiler's output for one text apart: an array of AakPolicy, one for each top profile,
 * in the order of the blob. @what names the text in messages. INVALID where the blob is damaged,
 * holds a name twice, a child without its parent, or a name that no file can be named after. */
GPtrArray *aak_policy_split (const char *what, GBytes *blob, GBytes *text,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The file name for the profile @name: a leading "/" dropped, "/" becomes "."; INVALID for what is
 * no plain file name then, or one that AppArmor's own tools would skip. The caller frees it. */
char *aak_policy_file_name (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE for a directory entry that is no profile: what apparmor_parser skips, and aakit's own state
 * files. */
gboolean aak_policy_skip_file (const char *name);

/* What a directory is looked through for: profile texts, and */
typedef enum
{
  AAK_POLICY_TEXTS = 0,
  AAK_POLICY_STATES = 1 << 0,  /* learned states that have no text of their name beside them */
  AAK_POLICY_SECCOMP = 1 << 1, /* seccomp profiles (lib/seccomp/name.h) */
} AakPolicyWanted;

/* Sorted paths of what @paths name: files as they are, of directories what is @wanted, without what
 * aak_policy_skip_file() and without their sub-directories. An error where one is missing, a
 * directory holds nothing of that or a link that leads out of it (INVALID), or too many
 * (TOO_LARGE). */
GPtrArray *aak_policy_collect (const char *const *paths, AakPolicyWanted wanted,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a profile text: at most 4 MiB, no NUL. */
GBytes *aak_policy_read_text (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
