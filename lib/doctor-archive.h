/* SPDX-License-Identifier: LGPL-2.1-or-later
 * doctor --bundle: what one who mends aakit has to know of a node, in one file. */
#pragma once

#include "lib/name-mask.h"

#include <glib.h>

typedef struct AakDoctorArchive AakDoctorArchive;

/* Looks at the node below @root, which is owned by the caller. Unless @names are wanted, each name
 * of a workload on it gets a mask: profiles, namespaces, pods, containers and their ids, images,
 * labels, and the node's own. What the programs' makers named ("cri-containerd.apparmor.d") is left
 * as it is. Free with aak_doctor_archive_free(). */
AakDoctorArchive *aak_doctor_archive_new (const char *root, gboolean names);
void aak_doctor_archive_free (AakDoctorArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakDoctorArchive, aak_doctor_archive_free)

/* What stands for names in it; NULL: they are left. Owned by @archive. */
const AakNameMask *aak_doctor_archive_mask (const AakDoctorArchive *archive);

/* Writes a gzipped tar to @path, mode 0600, whole or not at all: @findings, the document of doctor
 * with names masked already, and texts about the node. Never in it: the contents of profiles, logs,
 * environments, and what the kernel's command line gives to words that are not its own. */
gboolean aak_doctor_archive_write (const AakDoctorArchive *archive, const char *path,
                                   const char *findings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
