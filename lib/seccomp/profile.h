/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A seccomp profile: JSON as the kubelet and the container runtimes read it (config-linux.md,
 * "Seccomp", of the OCI runtime specification), which may come from anywhere. */
#pragma once

#include <glib.h>

/* What a profile has at most. */
#define AAK_SECCOMP_MAX_SIZE  ((gsize) 1 << 20) /* bytes of its text */
#define AAK_SECCOMP_MAX_RULES 4096u
#define AAK_SECCOMP_MAX_NAMES 8192u /* in all rules */
#define AAK_SECCOMP_MAX_ARGS  16u   /* in a rule */

/* A comparison with an argument of the call. */
typedef struct
{
  guint index;   /* 0 to 5 */
  guint32 op;    /* SCMP_CMP_* */
  guint64 value; /* of MASKED_EQ the mask */
  guint64 value_two;
} AakSeccompArg;

typedef struct
{
  GPtrArray *names; /* of char *: letters, digits and underscores */
  guint32 action;   /* SCMP_ACT_*, with its number */
  GArray *args;     /* of AakSeccompArg */
} AakSeccompRule;

typedef struct
{
  guint32 action;           /* of calls that no rule names; with its number */
  GPtrArray *architectures; /* of char *: "SCMP_ARCH_X86_64" */
  GPtrArray *flags;         /* of char * */
  char *listener;           /* the socket of who decides about calls, or NULL */
  GPtrArray *rules;         /* of AakSeccompRule */
} AakSeccompProfile;

/* Reads the profile @text; @what (escaped) names it in messages. INVALID, with the line and column
 * or the field, where it is no JSON, has a field, a word or a value that the runtimes would ignore
 * or refuse, or a field twice; TOO_LARGE beyond the bounds above. */
AakSeccompProfile *aak_seccomp_profile_parse (const char *what, GBytes *text,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_seccomp_profile_free (AakSeccompProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSeccompProfile, aak_seccomp_profile_free)
