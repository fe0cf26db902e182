/* SPDX-License-Identifier: GPL-2.0-or-later
 * Seccomp profiles below the kubelet's directory: what shall be done about them, and doing it. */
#pragma once

#include "lib/store.h"
#include "register/file-changes.h"
#include "register/plan.h"

#include <glib.h>

/* Where the kubelet looks, unless its --root-dir says otherwise. */
#define AAK_SECCOMP_DEFAULT_DIR "/var/lib/kubelet/seccomp"

/* What lies where a seccomp profile belongs. */
typedef enum
{
  AAK_PLACE_EMPTY,
  AAK_PLACE_SAME,    /* a file of that content, which only root and the caller can change */
  AAK_PLACE_DIFFERS, /* a file that is not that */
  AAK_PLACE_ODD,     /* no file, or one that cannot be read */
} AakPlace;

/* Looks at the file of the profile @name below @dir (which is below @root) for the content of that
 * digest, in hex. */
AakPlace aak_seccomp_files_look (const char *root, const char *dir, const char *name,
                                 const char *sha256);

/* Where the files lie below @dir (NULL: AAK_SECCOMP_DEFAULT_DIR), with @root; the caller frees it.
 */
char *aak_seccomp_files_dir (const char *root, const char *dir);

/* What a plan is made of. */
typedef struct
{
  const char *root;
  const char *dir;       /* where the desired ones belong: absolute, without the root */
  GPtrArray *desired;    /* of AakSeccompFile */
  const AakStore *store; /* whose profiles are aakit's own */
  AakPlanRules rules;
} AakSeccompInput;

/* Adds the steps to @steps (of AakStep): the desired ones, then those that go. Who uses a seccomp
 * profile cannot be seen, so that what shall go is WORN without force. */
void aak_seccomp_files_plan (const AakSeccompInput *input, GPtrArray *steps);

/* Adds those that remove the registered ones among @names: PRUNE, or REFUSE without @force. */
void aak_seccomp_files_plan_remove (const AakStore *store, const char *const *names, gboolean force,
                                    GPtrArray *steps);

/* Carries @steps (of AakStep; only the seccomp profiles among them) out, with a note of each change
 * in @changes, and reads each file back: a step that is proved has its hash set. @store: what was
 * registered before. What somebody has changed is not removed; it goes to @kept (of char *: paths).
 * KERNEL where a file is not what was written, INVALID where somebody else can change a directory
 * on the way to it. */
gboolean aak_seccomp_files_run (const char *root, GPtrArray *steps, const AakStore *store,
                                AakFileChanges *changes, GPtrArray *kept,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what killed writers of the files of @store left beside them; under its lock. */
void aak_seccomp_files_sweep (const char *root, const AakStore *store);
