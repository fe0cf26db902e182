/* SPDX-License-Identifier: GPL-2.0-or-later
 * What has to be done so that the kernel holds the desired profiles: a pure function. */
#pragma once

#include "lib/lsm.h"
#include "lib/policy.h"
#include "lib/store.h"

#include <glib.h>

typedef enum
{
  AAK_ACTION_KEEP,    /* the kernel holds exactly this */
  AAK_ACTION_ADD,     /* no profile of this name is loaded */
  AAK_ACTION_REPLACE, /* another content or mode is loaded */
  AAK_ACTION_REFUSE,  /* it may not be replaced: see reason */
} AakAction;

/* One desired profile. */
typedef struct
{
  AakPolicy *policy;
  AakAction action;
  gboolean was_loaded;
  AakMode old_mode; /* where it was loaded */
  gboolean owned;   /* aakit's own, now or by this plan */
  char *reason;     /* of a refusal: what to do about it */
  char *hash;       /* as the kernel shows it ("sha256:HEX"), once it is proved; else NULL */
} AakStep;

typedef struct
{
  GPtrArray *desired;        /* of AakPolicy */
  GPtrArray *actual;         /* of AakLoaded, as aak_lsm_list() gives it */
  const AakStore *store;     /* whose profiles are aakit's own */
  GHashTable *foreign_texts; /* desired names whose text in /etc/apparmor.d is not aakit's */
  const char *const *adopt;  /* names to take over; may be NULL */
  gboolean force;            /* all names may be taken over */
  gboolean allow_complain;   /* enforced profiles may become complain */
} AakPlanInput;

/* The steps, sorted by name: an array of AakStep that the caller owns. */
GPtrArray *aak_plan_make (const AakPlanInput *input);

/* TRUE where @actual holds @policy and its children with exactly their content and mode; the
 * kernel's hash of the profile goes to @out_hash (may be NULL), the first name that differs to
 * @out_differs (may be NULL); the caller frees both. */
gboolean aak_plan_holds (GPtrArray *actual, const AakPolicy *policy, char **out_hash,
                         char **out_differs);

/* The number of steps with @action. */
guint aak_plan_count (GPtrArray *steps, AakAction action);

/* "keep", "add", "replace", "refuse". */
const char *aak_action_name (AakAction action);
