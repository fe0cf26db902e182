/* SPDX-License-Identifier: GPL-2.0-or-later
 * The patch of a pod beside a profile: NAME.pod.yaml. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

typedef struct
{
  const char *dir;              /* where it goes */
  const AakObservations *older; /* the state that the patch there was made from, or NULL */
  guint minor;                  /* for Kubernetes 1.@minor */
} AakPatchFile;

/* Writes what the containers of @whole need, and gives the path in *@out_path; NULL where no
 * container is known, or none that Kubernetes could have. A file that is there and was not made so
 * from the older state stays, and the patch goes to NAME.pod.yaml.new. */
gboolean aak_patch_file_write (AakCli *cli, const AakPatchFile *where, const AakObservations *whole,
                               char **out_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
