/* SPDX-License-Identifier: GPL-2.0-or-later
 * The security context of a pod's containers as a strategic merge patch, each line with its reason:
 * what kubectl patch and kustomize take. */
#pragma once

#include "learn/security-needs.h"

/* What the minor version that it is for follows in it. */
#define AAK_POD_PATCH_VERSION "# For Kubernetes 1."

/* The patch, in YAML, for the containers @containers (AakSecurityNeeds*) of one pod, of which @init
 * (names, or NULL) are init containers, and Kubernetes 1.@minor. A patch that named one of those
 * among the others would add a container without an image. It names the profiles where aa-register
 * puts those that were learned for each container's label. INVALID where a container's name or a
 * label can be none in Kubernetes, or two of them are one container. The same containers give the
 * same bytes. The caller frees it. */
char *aak_pod_patch_text (const GPtrArray *containers, const char *const *init, guint minor,
                          GError **error);

/* What Pod Security, restricted, has against the container of @needs, as long as it has what it
 * needs: "runs as root", one text each; none: it passes. What the pod has beside its containers
 * (volumes, the node's namespaces) is not looked at. Strings (char*); the caller drops the array.
 */
GPtrArray *aak_pod_patch_objections (const AakSecurityNeeds *needs);
