/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What stands behind an AakLsm: the kernel or a recording of one; tests bring their own. */
#pragma once

#include "lib/lsm.h"

/* Functions of a backend. @dir is its AppArmor directory (ROOT/sys/kernel/security/apparmor). */
typedef struct
{
  gboolean (*replace) (const char *dir, GBytes *blob, GError **error);
  gboolean (*remove) (const char *dir, const char *name, GError **error);
} AakLsmBackend;

/* Writes to the kernel's control files (lsm.c). */
extern const AakLsmBackend aak_lsm_kernel;

/* Plays the kernel on plain files (lsm-recording.c). */
extern const AakLsmBackend aak_lsm_recording;

/* An AakLsm below @root with another backend, without any check. */
AakLsm *aak_lsm_new (const char *root, const AakLsmBackend *backend);

/* What was listed last, and the moment before that; both NULL: nothing, or it cannot be known
 * again. */
typedef struct
{
  char *moment;
  GPtrArray *list;
} AakLsmSeen;

/* Owned by @lsm; for aak_lsm_list(). */
AakLsmSeen *aak_lsm_seen (AakLsm *lsm);
