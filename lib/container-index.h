/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The containers of a node, kept up to date at little cost: a bundle is read once, and directories
 * where nothing came or went are not even listed. */
#pragma once

#include "lib/container.h"

typedef struct AakContainerIndex AakContainerIndex;

/* Of the node below @root; empty before the first refresh. Looks at containerd's, k3s's and CRI-O's
 * directories. */
AakContainerIndex *aak_container_index_new (const char *root);
void aak_container_index_free (AakContainerIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakContainerIndex, aak_container_index_free)

/* TRUE where one of those runtimes was started on the node below @root. */
gboolean aak_container_index_has_runtime (const char *root);

/* How long a container that is gone stays in the list, in µs (default 5 s). */
void aak_container_index_set_grace (AakContainerIndex *index, gint64 grace_us);

/* Looks at the node. TRUE where the list is another one than before. */
gboolean aak_container_index_refresh (AakContainerIndex *index);

/* AakContainer*, sorted by namespace, pod, container, id; pause sandboxes and containers that no
 * pod owns are left out. One that is gone stays for five seconds, since records of it may still
 * come. Owned by the index, until the next refresh that gives TRUE. */
const GPtrArray *aak_container_index_list (const AakContainerIndex *index);

/* Why bundles could not be read (char*), sorted; those containers are left out. As above. */
const GPtrArray *aak_container_index_problems (const AakContainerIndex *index);

/* How many bundles were read since the index is there. */
guint64 aak_container_index_reads (const AakContainerIndex *index);

/* The pod of the sandbox @id, as aak_container_parse_sandbox(), read anew; NULL where there is no
 * such sandbox. The caller frees it. */
AakContainer *aak_container_index_sandbox (const AakContainerIndex *index, const char *id);
