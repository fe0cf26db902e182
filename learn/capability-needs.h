/* SPDX-License-Identifier: GPL-2.0-or-later
 * Capabilities that were used, against those that are held: which of them a container needs.
 *
 * The kernel asks AppArmor about a capability only where the task holds it (capable() in
 * security/commoncap.c comes first), so that every event is of one that was held; and what the
 * runtime uses to set the container up is not among them, since it wears another label until it
 * executes the container's program. */
#pragma once

#include "learn/observations.h"
#include "lib/capability-set.h"

typedef enum
{
  AAK_NEED_ADD,
  AAK_NEED_UNCERTAIN, /* added; its absence may change nothing */
  AAK_NEED_OPTIONAL,  /* not added: the kernel said that it does without */
  AAK_NEED_COVERED,   /* not added: another one that is added does for it */
  AAK_NEED_ELSEWHERE, /* not added: no container holds it, so that it was used in a user namespace
                         of its own, where every process has it */
  AAK_NEED_REVIEW,    /* not added: nobody has allowed it yet */
  AAK_NEED_UNKNOWN,   /* not added: there is no such capability here */
} AakNeedStanding;

typedef struct
{
  const char *name; /* of the observations: "net_bind_service", any bytes where it is UNKNOWN */
  AakNeedStanding standing;
  const char *why; /* static; NULL where it is only ADD */
  const char *id;  /* REVIEW: what --allow takes (static) */
  guint64 events;
  guint runs;
} AakCapabilityNeed;

/* The capabilities (AakCapabilityNeed*) that @observations has, by name, where its containers hold
 * @held; @known: FALSE where that is not known. Lives no longer than @observations; the caller
 * drops it. */
GPtrArray *aak_capability_needs (const AakObservations *observations, gboolean known,
                                 AakCapabilitySet held);

gboolean aak_capability_need_is_added (const AakCapabilityNeed *need);
/* "add", "uncertain", "optional", "covered", "elsewhere", "review" or "unknown"; static. */
const char *aak_capability_need_word (const AakCapabilityNeed *need);
/* "NET_BIND_SERVICE", as Kubernetes spells it; escaped. Newly allocated. */
char *aak_capability_need_name (const AakCapabilityNeed *need);
