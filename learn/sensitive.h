/* SPDX-License-Identifier: GPL-2.0-or-later
 * Accesses that no ordinary workload needs: they are never granted without somebody looking at
 * them. */
#pragma once

#include "learn/allow-list.h"
#include "learn/profile.h"
#include "learn/sensitive-table.h"

/* Why @rule, which stands for the observed path @path (NULL for other classes than file), must be
 * looked at first: the first entry of the table that is not in @allowed (NULL: none is); NULL where
 * it need not. Static. */
const AakSensitive *aak_sensitive_find (const AakRule *rule, const char *path,
                                        const AakAllowList *allowed);

/* TRUE where @path names key material or secrets that a widened rule must not admit. */
gboolean aak_sensitive_is_secret (const char *path);
