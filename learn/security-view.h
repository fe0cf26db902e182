/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a container may do altogether: of all its tasks the most that any of them has, and the least
 * that guards any of them. */
#pragma once

#include "learn/inspection.h"

/* Who chose the AppArmor profile of a container, as far as the node can tell. */
typedef enum
{
  AAK_ORIGIN_UNKNOWN, /* no bundle */
  AAK_ORIGIN_NONE,    /* none is asked for: Unconfined, privileged, or a runtime without AppArmor */
  AAK_ORIGIN_DEFAULT, /* the runtime's default: RuntimeDefault, or nothing, was stated */
  AAK_ORIGIN_STATED,  /* a profile by its name: Localhost */
} AakOrigin;

/* What is asked of a guard of which the kernel may not tell. */
typedef enum
{
  AAK_GUARD_UNKNOWN,
  AAK_GUARD_OFF,
  AAK_GUARD_ON,
} AakGuard;

typedef struct
{
  const AakInspected *of;
  gboolean running; /* else all is as the bundle asks for */
  AakCapabilitySets sets;
  gboolean no_new_privs;
  AakSeccompMode seccomp;
  gboolean root;          /* a task has user id 0 in the container */
  AakGuard apparmor;      /* OFF: a task is unconfined, or its profile in unconfined mode */
  gboolean lost;          /* a task is unconfined although the bundle names a profile */
  gboolean lenient;       /* the profile of a task is in complain mode: it denies next to nothing */
  AakOrigin origin;       /* of the AppArmor profile */
  guint host_namespaces;  /* those of the node that it is in, as bits (1 << AakNamespace) */
  guint namespaces_known; /* those of which that is known, by the kernel or by the bundle */
  gboolean node_ids;      /* its user ids are the node's */
  AakGuard privileged;    /* ON: it is */
} AakSecurityView;

/* Of @inspected, which must outlive it. */
AakSecurityView aak_security_view (const AakInspected *inspected);

/* All that the container may hold or regain: every set of every task. */
AakCapabilitySet aak_security_view_reach (const AakSecurityView *view);

/* "the runtime's default: ..." */
const char *aak_origin_text (AakOrigin origin);
/* "unknown", "none", "default", "stated" */
const char *aak_origin_name (AakOrigin origin);
