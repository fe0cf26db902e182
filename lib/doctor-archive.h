/* SPDX-License-Identifier: LGPL-2.1-or-later
 * doctor --bundle: what one who mends aakit has to know of a node, in one file. */
#pragma once

#include "lib/name-mask.h"

#include <glib.h>

/* Asks for a mask of each name of a workload on the node below @root: profiles, namespaces, pods,
 * containers and their ids, images, labels, and the node's own. What the programs' makers named
 * ("cri-containerd.apparmor.d") is left out. */
void aak_doctor_archive_learn_names (AakNameMask *mask, const char *root);

/* Writes a gzipped tar to @path, mode 0600, whole or not at all: @findings, the document of doctor,
 * and texts about the node below @root. @mask, of aak_doctor_archive_learn_names(), stands for
 * names in all texts but @findings; NULL: as they are. Never in it: the contents of profiles, logs,
 * environments, and what the kernel's command line gives to words that are not its own. */
gboolean aak_doctor_archive_write (const char *path, const char *root, const char *findings,
                                   AakNameMask *mask, GError **error) G_GNUC_WARN_UNUSED_RESULT;
