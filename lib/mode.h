/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The mode of an AppArmor profile. */
#pragma once

#include <glib.h>

/* In the order of the kernel's packed form (security/apparmor/include/policy_unpack.h,
 * PACKED_MODE_*). */
typedef enum
{
  AAK_MODE_ENFORCE = 0,
  AAK_MODE_COMPLAIN = 1,
  AAK_MODE_KILL = 2,
  AAK_MODE_UNCONFINED = 3,
  AAK_MODE_USER = 4, /* called "user" by the kernel, "prompt" by newer parsers */
} AakMode;

/* The kernel's word for @mode ("enforce"). */
const char *aak_mode_name (AakMode mode);

/* The mode that the kernel calls @word; FALSE where there is none of that name. */
gboolean aak_mode_parse (const char *word, AakMode *out_mode);
