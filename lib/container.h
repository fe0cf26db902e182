/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A container as its OCI bundle tells it, which the runtime leaves on disk: no API server, no CRI
 * socket. */
#pragma once

#include "lib/volumes.h"

typedef struct
{
  char *id;
  char *namespace; /* of the pod */
  char *pod;
  char *container;
  char *image;
  char *label;  /* process.apparmorProfile, NULL where the bundle names none (unconfined) */
  char *bundle; /* directory of config.json */
  char *rootfs; /* root.path: absolute, or below the bundle; NULL where it names none */
  AakVolumes *volumes;
  char *runtime_socket; /* of the node, as the container has it mounted; NULL where it has none */
} AakContainer;

/* Reads one config.json; NULL without an error where it is a sandbox, or carries no pod. @name
 * stands for the file in messages (INVALID). */
AakContainer *aak_container_parse (const char *name, GBytes *json, GError **error);
/* The same of a sandbox, which every pod has one of: namespace and pod, and neither container nor
 * label; NULL without an error where it is none. */
AakContainer *aak_container_parse_sandbox (const char *name, GBytes *json, GError **error);
void aak_container_free (AakContainer *container);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakContainer, aak_container_free)

/* TRUE where the pod of @container is @pod, or belongs to a workload of that name: "web" finds
 * web-0 (StatefulSet), web-x2x9k (DaemonSet, Job) and web-7d4b9c5f6-x2x9k (Deployment, CronJob). */
gboolean aak_container_is_of (const AakContainer *container, const char *pod);

/* "pod NAMESPACE/NAME, container NAME", for messages: escaped, newly allocated. */
char *aak_container_describe (const AakContainer *container);
