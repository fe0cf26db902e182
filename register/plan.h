/* SPDX-License-Identifier: GPL-2.0-or-later
 * What has to be done so that the kernel holds the desired profiles: a pure function. */
#pragma once

#include "lib/lsm.h"
#include "lib/policy/policy.h"
#include "lib/store.h"
#include "register/worn.h"

#include <glib.h>

typedef enum
{
  AAK_ACTION_KEEP,    /* the kernel holds exactly this */
  AAK_ACTION_ADD,     /* no profile of this name is loaded */
  AAK_ACTION_REPLACE, /* another content or mode is loaded */
  AAK_ACTION_REFUSE,  /* it may not be replaced or removed: see reason */
  AAK_ACTION_PRUNE,   /* no longer named: it is unloaded and forgotten */
  AAK_ACTION_WORN,    /* no longer named, but tasks wear it: it stays; see reason */
} AakAction;

typedef enum
{
  AAK_KIND_APPARMOR, /* a profile in the kernel */
  AAK_KIND_SECCOMP,  /* a file below the kubelet's directory: see register/seccomp-files.h */
} AakKind;

/* One profile: a desired one, or one that shall go. */
typedef struct
{
  AakKind kind;
  char *name;
  AakPolicy *policy;    /* what is desired; NULL where it shall go, and of a seccomp profile */
  AakSeccompFile *file; /* the same of a seccomp profile */
  char *dir;            /* of a seccomp profile: below which it belongs, or lies */
  AakAction action;
  AakAction text; /* of its copy in /etc/apparmor.d: KEEP, ADD or REPLACE */
  gboolean was_loaded;
  AakMode old_mode;   /* where it was loaded */
  gboolean owned;     /* aakit's own, now or by this plan */
  gboolean force;     /* it goes even where a task wears it */
  GPtrArray *wearers; /* of AakWearer, who wear what shall go; NULL where it is desired */
  char *reason;       /* of a refusal: what to do about it; see also aak_worn_explain() */
  char *hash;         /* as the kernel shows it ("sha256:HEX"), once it is proved; else NULL */
} AakStep;

/* What a plan may do beside loading what is aakit's own. Zeroed: nothing. */
typedef struct
{
  const char *const *adopt; /* names to take over; may be NULL */
  gboolean force;           /* all names may be taken over, and what may be in use may go */
  gboolean allow_complain;  /* enforced profiles may become complain */
  gboolean allow_older;     /* from a signed bundle of a lower serial than one before */
  gboolean prune;           /* registered profiles that are not desired shall go */
} AakPlanRules;

/* TRUE where the profile @name may be taken over from whoever put it there. */
gboolean aak_plan_adopts (const AakPlanRules *rules, const char *name);

typedef struct
{
  GPtrArray *desired;  /* of AakPolicy */
  GPtrArray *actual;   /* of AakLoaded, as aak_lsm_list() gives it */
  AakStore *store;     /* whose profiles are aakit's own */
  GHashTable *texts;   /* desired name -> AakTextState, as aak_texts_look() gives it */
  const AakWorn *worn; /* who wears what; NULL where nothing is to go */
  AakPlanRules rules;
} AakPlanInput;

/* The steps, sorted by name: an array of AakStep that the caller owns. What goes comes last: at no
 * moment a profile is missing that another one takes the place of. With prune these are the
 * registered profiles that are not desired, and children of desired ones of aakit's own that these
 * have no more. */
GPtrArray *aak_plan_make (const AakPlanInput *input);

/* The steps that unload @names, whatever is desired; each is PRUNE or REFUSE. */
GPtrArray *aak_plan_remove (const AakPlanInput *input, const char *const *names);

/* Those of @steps of that kind; the caller drops the array, the steps stay those of @steps. */
GPtrArray *aak_plan_of_kind (GPtrArray *steps, AakKind kind);
/* TRUE where @step is of what is desired, and not of what goes. */
gboolean aak_plan_is_desired (const AakStep *step);

/* TRUE where @actual holds @policy and its children with exactly their content and mode; the
 * kernel's hash of the profile goes to @out_hash (may be NULL), the first name that differs to
 * @out_differs (may be NULL); the caller frees both. */
gboolean aak_plan_holds (GPtrArray *actual, const AakPolicy *policy, char **out_hash,
                         char **out_differs);

/* The number of steps with @action. */
guint aak_plan_count (GPtrArray *steps, AakAction action);
/* TRUE where the step loads a profile: ADD or REPLACE. */
gboolean aak_plan_loads (const AakStep *step);
/* The number of steps that load or unload: the others leave everything as it is. */
guint aak_plan_changes (GPtrArray *steps);
/* TRUE where the step changes nothing but the profile's copy in /etc/apparmor.d. */
gboolean aak_plan_mends_text (const AakStep *step);
/* The number of such steps. */
guint aak_plan_mended_texts (GPtrArray *steps);
/* The copies in /etc/apparmor.d stay as they are: they cannot be written. */
void aak_plan_leave_texts (GPtrArray *steps);

/* The mode that the step leads to, or leaves: of what goes, the one that it had. */
AakMode aak_plan_mode (const AakStep *step);

/* What a table tells of the step: its mode, or "seccomp". */
const char *aak_plan_what (const AakStep *step);

/* "keep", "add", "replace", "refuse", "prune", "worn". */
const char *aak_action_name (AakAction action);
