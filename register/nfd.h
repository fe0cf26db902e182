/* SPDX-License-Identifier: GPL-2.0-or-later
 * A status as a feature file of Node Feature Discovery's "local" source: labels of the node that a
 * pod's nodeSelector can ask for. */
#pragma once

#include "register/status.h"

/* The labels begin with this, without the file's limit of 64 KiB being reached. */
#define AAK_NFD_PREFIX       "feature.node.kubernetes.io/apparmor-"
#define AAK_NFD_MAX_PROFILES 400

/* The file for @status, that holds until @expiry (seconds since the epoch):
 *   PREFIXprofile.NAME=MODE    for each profile that is loaded as registered
 *   PREFIXprofiles.count=N     how many these are
 *   PREFIXprofiles.unlisted=N  how many of them have no label: their name cannot stand in one, or
 *                              there are too many
 *   PREFIXprofiles.digest=HEX  of the names, modes and contents of them all
 *   PREFIXprofiles.ready=BOOL  none that was registered drifted or is missing
 * Newly allocated. */
char *aak_nfd_text (const AakStatus *status, gint64 expiry);
