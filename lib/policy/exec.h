/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Where an exec leads to. */
#pragma once

#include "lib/policy/db.h"

#include <glib.h>

typedef enum
{
  AAK_EXEC_NOWHERE,    /* not allowed, or no transition is given */
  AAK_EXEC_INHERIT,    /* ix: stays in the profile */
  AAK_EXEC_PROFILE,    /* px: the profile that attaches to the program */
  AAK_EXEC_CHILD,      /* cx: the profile's child that attaches to the program */
  AAK_EXEC_NAMED,      /* px ->, cx ->: the profile @name */
  AAK_EXEC_UNCONFINED, /* ux */
} AakExecTarget;

/* Where an exec leads to. */
typedef struct
{
  AakExecTarget target;
  AakExecTarget
      fallback;      /* where @target is not loaded: INHERIT, UNCONFINED, or NOWHERE (refused) */
  gboolean scrubbed; /* dangerous environment variables are removed (P, C, U) */
  const char *name;  /* for NAMED, else NULL; owned by the profile; "&NAME" stacks */
} AakExec;

/* What @xindex of a state of @files means. */
AakExec aak_policy_exec_of (const AakPolicyDb *files, guint32 xindex);

/* TRUE where both lead to the same. What stays in the profile has no environment to be scrubbed. */
gboolean aak_policy_exec_equal (const AakExec *a, const AakExec *b);

/* The transition as a rule says it, without the name ("Pix"): capitals where the environment is
 * scrubbed. The caller frees it. */
char *aak_policy_exec_text (const AakExec *exec);
