/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The words of a seccomp profile, as in config-linux.md, "Seccomp", of the OCI runtime
 * specification: they are those of libseccomp. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *word;
  guint32 value; /* in seccomp.h; without the number that some actions carry */
} AakSeccompWord;

/* "SCMP_ACT_ERRNO", "SCMP_CMP_EQ"; NULL where there is none of that name. Static. */
const AakSeccompWord *aak_seccomp_action (const char *word);
const AakSeccompWord *aak_seccomp_operator (const char *word);

/* The name of the action with this value, whatever number it carries. */
const char *aak_seccomp_action_name (guint32 value);

/* TRUE for an action that carries a number: ERRNO and TRACE. */
gboolean aak_seccomp_action_has_number (guint32 value);

/* TRUE for "SCMP_ARCH_X86_64" and the like, and for "SECCOMP_FILTER_FLAG_LOG" and the like. */
gboolean aak_seccomp_is_architecture (const char *word);
gboolean aak_seccomp_is_flag (const char *word);
