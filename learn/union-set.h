/* SPDX-License-Identifier: GPL-2.0-or-later
 * The unions of states of any labels, one a label. */
#pragma once

#include "learn/merge.h"
#include "lib/cli.h"

typedef struct
{
  AakMerge *merge;
  guint states; /* that were added to it */
} AakUnion;

typedef struct AakUnionSet AakUnionSet;

/* Reads the states of @paths (char*) and adds each to its label's union; @cli draws how far that
 * has come. */
AakUnionSet *aak_union_set_read (AakCli *cli, const GPtrArray *paths,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_union_set_free (AakUnionSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakUnionSet, aak_union_set_free)

/* The labels (const char*) in their bytewise order; the caller owns the list only. */
GList *aak_union_set_labels (const AakUnionSet *set);
const AakUnion *aak_union_set_get (const AakUnionSet *set, const char *label);
