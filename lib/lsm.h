/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's AppArmor below a root: what is loaded, loading, removing, and who wears a label. */
#pragma once

#include "lib/mode.h"

#include <glib.h>

typedef struct AakLsm AakLsm;

/* A profile that the kernel holds. */
typedef struct
{
  char *name; /* full name; children are "parent//child" */
  AakMode mode;
  char *hash;     /* "sha1:HEX" or "sha256:HEX" as the kernel tells it, NULL where it keeps none */
  char *path;     /* its directory below policy/profiles */
  gint64 changed; /* when its policy came into the kernel, seconds since the epoch; 0: not known.
                     The kernel sets it when a profile is loaded or replaced, and leaves it where it
                     was the same (apparmorfs.c, __aafs_profile_migrate_dents) */
} AakLoaded;

void aak_loaded_free (AakLoaded *loaded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLoaded, aak_loaded_free)

/* A task that wears a label. */
typedef struct
{
  guint pid;   /* a thread's, where it wears another label than its process */
  char *label; /* as the kernel tells it, without the mode */
  char *comm;  /* the task's name, escaped */
} AakWearer;

void aak_wearer_free (AakWearer *wearer);

/* Opens AppArmor below @root. APPARMOR_OFF, with what to do, where the kernel has none, it is
 * disabled, or securityfs is not mounted. Where @root is not the host and holds plain files, they
 * are a *recording* of a kernel: loading into it plays the kernel's bookkeeping and nothing else.
 * Free with aak_lsm_free(). */
AakLsm *aak_lsm_open (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_lsm_free (AakLsm *lsm);

/* TRUE where aak_lsm_open() may work later: AppArmor is on below @root, but securityfs is not
 * mounted. */
gboolean aak_lsm_may_come (const char *root);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLsm, aak_lsm_free)

/* What every program that acts on a recording has to say once on stderr ("note: ROOT holds a
 * recording ..."), or NULL where this is a kernel. Owned by @lsm. */
const char *aak_lsm_note (const AakLsm *lsm);

/* The root that it was opened below, "/" for the host. Owned by @lsm. */
const char *aak_lsm_root (const AakLsm *lsm);

/* TRUE where policy may be loaded and removed: @lsm is a recording, or this process has what the
 * kernel asks for; else PRIVILEGE, with what is missing and how to get it. */
gboolean aak_lsm_check_privileges (const AakLsm *lsm, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its directory: ROOT/sys/kernel/security/apparmor. Owned by @lsm. */
const char *aak_lsm_dir (const AakLsm *lsm);

/* The number of changes to the policy since the kernel came up; 0 where it does not tell. */
guint64 aak_lsm_revision (const AakLsm *lsm);

/* Names the state of the kernel's policy at this moment: while the same text comes back nothing was
 * loaded, replaced or removed in between. It holds the boot, the policy namespace and its revision.
 * NULL where the kernel does not tell all of them. The caller frees it. */
char *aak_lsm_moment (const AakLsm *lsm);

/* All loaded profiles, children too, sorted by name: an array of AakLoaded that the caller owns and
 * does not change. An error where one of them cannot be read: nothing that is loaded is missing in
 * it. The kernel is looked at anew only where aak_lsm_moment() is another one. */
GPtrArray *aak_lsm_list (AakLsm *lsm, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The loaded profile of that full name in a list of aak_lsm_list(), or NULL. Owned by the list. */
const AakLoaded *aak_lsm_find (GPtrArray *list, const char *name);

/* Hands @blob to the kernel's .replace in one write, which the kernel takes whole or not at all.
 * Profiles that are not there yet are added. PRIVILEGE (CAP_MAC_ADMIN), INVALID (the kernel cannot
 * read it), KERNEL (any other refusal). */
gboolean aak_lsm_replace (AakLsm *lsm, GBytes *blob, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the profile @name and its children. Tasks that wear it become unconfined for good: see
 * aak_lsm_tasks(). NOT_FOUND where it is not loaded. */
gboolean aak_lsm_remove (AakLsm *lsm, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tasks of /proc that any profile confines, in one look: an array of AakWearer sorted by pid,
 * which the caller owns. @out_hidden (may be NULL) gets the number of processes whose label could
 * not be read; those that /proc does not even list are not among them: aak_lsm_blind_spot(). */
GPtrArray *aak_lsm_tasks (AakLsm *lsm, guint *out_hidden, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The label that the task @pid wears now, without the mode; NULL where it is gone, or hides it. */
char *aak_lsm_label_of (const AakLsm *lsm, guint pid);

/* Why there may be tasks on the node that aak_lsm_tasks() cannot see, with what to do: a PID
 * namespace of one's own, or a /proc that hides others' processes. NULL where it sees them all. */
const char *aak_lsm_blind_spot (const char *root);

/* TRUE where @label ("a", "a//b", "a//&b", with or without " (mode)") confines a task by the
 * profile @name. */
gboolean aak_lsm_label_has (const char *label, const char *name);
