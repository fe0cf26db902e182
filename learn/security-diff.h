/* SPDX-License-Identifier: GPL-2.0-or-later
 * What containers hold and need of capabilities, of two states. */
#pragma once

#include "learn/observations.h"

/* A capability of a container. */
typedef struct
{
  char *container;
  const char *what; /* "holds" (its bounding set), or "needs" (what is to be added) */
  char *capability; /* "chown" */
} AakSecurityItem;

/* All of @observations (AakSecurityItem*), by container, what and capability; of containers whose
 * start is known, since what others hold is not. The caller drops it. */
GPtrArray *aak_security_items (const AakObservations *observations);

/* Those of @items whose container @others know as well, and which are not there. Part of @items;
 * the caller drops the array. */
GPtrArray *aak_security_diff (const GPtrArray *items, const GPtrArray *others);
