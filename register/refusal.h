/* SPDX-License-Identifier: GPL-2.0-or-later
 * A container that its runtime did not create since its profile is not loaded. There is no bundle
 * of it then, only a line of the runtime's log (measured: containerd 1.6 and 1.7):
 *   ... msg="CreateContainer within sandbox \"ID\" for &ContainerMetadata{Name:NAME,Attempt:0,}
 *   failed" error="... apparmor profile not found PROFILE" */
#pragma once

#include "lib/pods.h"

typedef struct
{
  char *sandbox;   /* id */
  char *container; /* name */
  char *profile;
} AakRefusal;

void aak_refusal_clear (AakRefusal *refusal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakRefusal, aak_refusal_clear)

/* Reads one message of @len bytes into @out, which aak_refusal_clear() frees; FALSE where it tells
 * of something else. */
gboolean aak_refusal_parse (const char *message, gsize len, AakRefusal *out);

/* The containers that runtimes of the running host refused within the last two minutes (a kubelet
 * tries again every 15 seconds) and that are not there by now: AakContainer with pod, container and
 * label, without an id or a bundle, sorted. The caller owns the array. Empty where there is no
 * journal that can be read; why goes to @out_problem then, which the caller frees. */
GPtrArray *aak_refusals_read (const AakPods *pods, char **out_problem);
