/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What loaded profiles were loaded from, as the kernel keeps it (raw_data; not with
 * apparmor.export_binary=0). */
#pragma once

#include "lib/lsm.h"

#include <glib.h>

/* Blobs that were read: one often holds many profiles, and is read once. */
typedef struct AakLsmRaw AakLsmRaw;

AakLsmRaw *aak_lsm_raw_new (void);
void aak_lsm_raw_free (AakLsmRaw *raw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLsmRaw, aak_lsm_raw_free)

/* The bytes of @loaded alone, without its children, such that aak_lsm_replace() brings it back
 * (behind its parent); NULL without an error where the kernel keeps none, or they are not @loaded
 * any more. The caller owns them. */
GBytes *aak_lsm_raw_get (AakLsmRaw *raw, const AakLoaded *loaded);

/* The hash of the profile @name whose directory is @path ("sha256:HEX"), computed from what it was
 * loaded from: for kernels that keep no hash. NULL where that is not kept either. */
char *aak_lsm_raw_hash (const char *path, const char *name);
