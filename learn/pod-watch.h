/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finds the containers of a pod as they come, says which label each wears, and follows the labels
 * that can be learned. */
#pragma once

#include "learn/attribution.h"
#include "learn/images.h"
#include "lib/cli.h"

typedef struct
{
  const char *pod;
  const char *namespace;         /* NULL: any */
  const char *const *containers; /* names, NULL-terminated, or NULL: all */
} AakPodSelector;

typedef struct AakPodWatch AakPodWatch;

/* @selector's strings, @cli, @attribution and @images, which gets the root filesystems of the
 * containers, must outlive the watch. */
AakPodWatch *aak_pod_watch_new (AakCli *cli, const AakPodSelector *selector,
                                AakAttribution *attribution, AakImages *images);
void aak_pod_watch_free (AakPodWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPodWatch, aak_pod_watch_free)

/* Looks at the node's bundles; tells each new container of the pod once. */
void aak_pod_watch_scan (AakPodWatch *watch);
/* TRUE where a container of this name, of a pod that may be gone, is one of those that are looked
 * for. */
gboolean aak_pod_watch_wants (const AakPodWatch *watch, const AakRunPod *pod);

/* How many containers of the pod were seen under a label that is followed; and how many others it
 * has: not selected, unconfined, or under a profile that many pods share. */
guint aak_pod_watch_found (const AakPodWatch *watch);
guint aak_pod_watch_passed_over (const AakPodWatch *watch);
