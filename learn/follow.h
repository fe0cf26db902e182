/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which labels a recording follows: those that are named, those that the pod's containers wear, or
 * the pod's default ones. */
#pragma once

#include "learn/pod-watch.h"

typedef struct
{
  const AakPodSelector *selector; /* its pod may be NULL */
  const char *const *profiles;    /* labels and globs that were named, NULL-terminated, or NULL */
  gboolean live;                  /* the pod may still come */
} AakFollowRequest;

/* Makes @attribution follow them. @pods: the pod's watch, NULL where no pod was named; it is
 * scanned. *@out_staged: the labels (char*) that a live recording has to have a learning profile
 * for; the caller owns it. NOT_FOUND where the pod is there and nothing can be learned from it. */
gboolean aak_follow (const AakFollowRequest *request, AakPodWatch *pods,
                     AakAttribution *attribution, GPtrArray **out_staged,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
