/* SPDX-License-Identifier: GPL-2.0-or-later
 * Accesses that no ordinary workload needs: they are never granted without somebody looking at
 * them. */
#pragma once

#include "learn/profile.h"

/* Why @rule, which stands for the observed path @path (NULL for other classes than file), must be
 * looked at first; NULL where it need not. The text is static. */
const char *aak_sensitive_reason (const AakRule *rule, const char *path);

/* TRUE where @path names key material or secrets that a widened rule must not admit. */
gboolean aak_sensitive_is_secret (const char *path);
