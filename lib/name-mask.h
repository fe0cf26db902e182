/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Names of workloads, and what stands for them in a report that goes to strangers. */
#pragma once

#include <glib.h>

typedef struct AakNameMask AakNameMask;

AakNameMask *aak_name_mask_new (void);
void aak_name_mask_free (AakNameMask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakNameMask, aak_name_mask_free)

/* What stands for @name, a name of that kind ("pod"): "pod-3", the same as often as it is asked
 * for. Names are numbered as they come. Owned by @mask. */
const char *aak_name_mask_of (AakNameMask *mask, const char *kind, const char *name);

/* @text with every name that was asked for replaced, where it stands as a word of its own (what is
 * left and right of it is no letter, digit or '_'), the longer ones first. The caller frees it. */
char *aak_name_mask_text (const AakNameMask *mask, const char *text);
