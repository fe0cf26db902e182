/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The pods of a node, and which task belongs to which: the runtimes' bundles, and the control
 * groups of tasks. */
#pragma once

#include "lib/container.h"
#include "lib/lsm.h"

typedef struct AakPods AakPods;

/* Looks at the node below @root. */
AakPods *aak_pods_new (const char *root);
void aak_pods_free (AakPods *pods);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPods, aak_pods_free)

/* Looks again, at what changed only; containers that were given out are gone then. */
void aak_pods_refresh (AakPods *pods);

/* AakContainer*, sorted by namespace, pod, container and id; and why bundles could not be read
 * (char*, escaped): those containers are left out. Owned by @pods, until the next look. */
const GPtrArray *aak_pods_containers (const AakPods *pods);
const GPtrArray *aak_pods_problems (const AakPods *pods);

/* The container that the task @pid runs in, by its control group; NULL for one of the node's own,
 * and for one that is gone. Owned as above. */
const AakContainer *aak_pods_find (const AakPods *pods, guint pid);

/* The same, with an error where that cannot be told: NOT_FOUND where the task is gone. */
const AakContainer *aak_pods_look (const AakPods *pods, guint pid, GError **error);

/* The first task of @container, as its runtime has noted it; 0 where it does not run. */
guint aak_pods_first_task (const AakPods *pods, const AakContainer *container);

/* The pod of the sandbox @id: as aak_container_index_sandbox(). */
AakContainer *aak_pods_sandbox (const AakPods *pods, const char *id);

/* TRUE where the task @pid is still the runtime, which becomes the container's program. */
gboolean aak_pods_is_starting (const AakPods *pods, guint pid);

/* Names @wearers (of AakWearer) by their pods, for messages: "pod default/web-0, container web: 77
 * (nginx), 78 (nginx); no pod: 99 (bash)". At most @max tasks, and how many more there are. Newly
 * allocated, escaped. */
char *aak_pods_describe (const AakPods *pods, const GPtrArray *wearers, guint max);
