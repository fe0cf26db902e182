/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which container wears which label, from the node's OCI bundles. */
#pragma once

#include "learn/event-json.h"

typedef struct AakWearers AakWearers;

/* Reads the bundles below @root. Containers that come and go later are noticed. */
AakWearers *aak_wearers_new (const char *root);
void aak_wearers_free (AakWearers *wearers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakWearers, aak_wearers_free)

/* Whose an event of @label (as the kernel wrote it) is; a container that is gone for less than five
 * seconds counts among the label's wearers. The strings belong to @wearers and last
 * until the next call. */
AakEventOwner aak_wearers_find (AakWearers *wearers, const char *label);
