/* SPDX-License-Identifier: GPL-2.0-or-later
 * Tells records that come from several sources, or stand in several files, from new ones. */
#pragma once

#include "learn/source.h"

/* How many sources may give records in turn. */
#define AAK_DUPLICATES_SOURCES 7

typedef struct AakDuplicates AakDuplicates;

AakDuplicates *aak_duplicates_new (void);
void aak_duplicates_free (AakDuplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakDuplicates, aak_duplicates_free)

/* Whether @raw, which source @source (below AAK_DUPLICATES_SOURCES) gave, is new: FALSE where
 * another source gave it before. Two records are one where stamp (time and serial), type and text
 * are the same, however the sources write them; of text the first 768 bytes count, since the
 * kernel's log cuts what is longer. An event may hold the same record several times: it then
 * counts as often as the source does that has it most often. What is no AppArmor record is new.
 *
 * Memory is bounded (64 MiB): the last million of records are remembered, and up to another
 * million before them. */
gboolean aak_duplicates_is_new (AakDuplicates *duplicates, guint source,
                                const AakSourceRecord *raw);

/* The records that source @source has still to give, as others gave them: numbers (guint64) that
 * mean something together with the seed, each as often as it is missing. FALSE where they are more
 * than @max. */
gboolean aak_duplicates_ahead (const AakDuplicates *duplicates, guint source, guint max,
                               GArray *out_keys);
guint64 aak_duplicates_seed (const AakDuplicates *duplicates);

/* Makes new duplicates know what those with this seed knew: @ahead holds a list of such numbers
 * (GArray*) for each source, or NULL for one that has nothing to give again. */
void aak_duplicates_restore (AakDuplicates *duplicates, guint64 seed, GPtrArray *ahead);

/* All that was given up to now was given by source 0, and by no other. So any number of files can
 * be read one after the other: each is source 1, and is folded when it is at its end. */
void aak_duplicates_fold (AakDuplicates *duplicates);
