/* SPDX-License-Identifier: GPL-2.0-or-later
 * Puts the learning profile into this node's kernel, and says how a pod gets under it. */
#pragma once

#include "learn/profile.h"
#include "lib/cli.h"

/* What a learning profile is like. */
typedef struct
{
  AakAbi abi;
  const GPtrArray *programs; /* that have labels of their own, see aak_profile_learning_text(); NULL
                              * or none: whatever a profile says that is there */
} AakStagingWish;

/* Makes sure that the label @label can be learned from on this node, and says how. Leaves a profile
 * of that name that is there alone, unless it is a learning profile, and programs are wished. */
gboolean aak_staging_prepare (AakCli *cli, const char *label, const AakStagingWish *wish,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints the annotation and the field that put a container under @label. @container: its name, or
 * NULL. */
void aak_staging_explain (AakCli *cli, const char *label, const char *container);
