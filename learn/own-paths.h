/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is an application's own: paths whose names are its counters and random suffixes. */
#pragma once

#include "learn/name-siblings.h"
#include "learn/observations.h"

typedef struct
{
  GHashTable *created; /* set of the paths that it created or, in a directory where it created
                        * others, wrote to; directories with their slash */
  const AakVolumes *volumes;
  AakNameSiblings *siblings; /* of what it created; or NULL */
} AakOwnPaths;

/* Of what is in @observations, whose accesses @sorted are (AakObservation*); both must live as
 * long. */
void aak_own_paths_init (AakOwnPaths *own, const AakObservations *observations,
                         const GPtrArray *sorted);
void aak_own_paths_clear (AakOwnPaths *own);

/* TRUE where @path is one of them, or lies in a volume of the application's own. */
gboolean aak_own_paths_have (const AakOwnPaths *own, const char *path);
