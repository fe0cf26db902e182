/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Opening files and directories step by step, with a look at everything on the way: what was looked
 * at is what is opened, whatever is renamed meanwhile. */
#pragma once

#include <glib.h>

/* Who may have had a hand in a path.
 *
 * OWNERS: every directory from the root on, every link and the file itself belong to root or to the
 * caller, and nobody else can write to them. Of directories that others can write to these are
 * taken all the same: with the sticky bit, since others can take nothing away there and what they
 * add is theirs; on a mount that is read-only; and below a directory that only root's group and the
 * owner can enter. The volumes of ConfigMaps are of the last two kinds: mode 0777, mounted
 * read-only into a pod, and on the node below /var/lib/kubelet/pods/UID, mode 0750.
 *
 * ANYBODY: owners and modes are not looked at. */
typedef enum
{
  AAK_PATH_OWNERS,
  AAK_PATH_ANYBODY,
} AakPathTrust;

/* Opens the regular file or directory @path for reading. Links are followed. Gives a descriptor to
 * close, or -1: NOT_FOUND, PRIVILEGE, or INVALID where it is neither (devices and pipes are never
 * opened), or where somebody else than @trust allows had a hand in it. */
int aak_path_open (const char *path, AakPathTrust trust, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for @name below the directory @dir, which was opened before. Links are followed as long
 * as they stay below @dir: one that is absolute or leads out of it is INVALID. @shown: the path of
 * @dir for messages. */
int aak_path_open_below (int dir, const char *shown, const char *name, AakPathTrust trust,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
