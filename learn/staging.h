/* SPDX-License-Identifier: GPL-2.0-or-later
 * Puts the learning profile into this node's kernel, and says how a pod gets under it. */
#pragma once

#include "learn/profile.h"
#include "lib/cli.h"

typedef enum
{
  AAK_STAGING_LOADED,   /* the learning profile is in the kernel now */
  AAK_STAGING_KEPT,     /* a complain profile of that name was there already */
  AAK_STAGING_ENFORCED, /* an enforced profile of that name is loaded: left alone, its denials can
                           be learned */
} AakStaging;

/* Makes sure that the label @label can be learned from on this node, under @abi. Leaves a profile
 * of that name that is there alone. */
gboolean aak_staging_prepare (AakCli *cli, const char *label, AakAbi abi, AakStaging *out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints the annotation and the field that put a container under @label. @container: its name, or
 * NULL. */
void aak_staging_explain (AakCli *cli, const char *label, const char *container);
