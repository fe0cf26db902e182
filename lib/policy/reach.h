/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Is there any file with which a compiled profile allows something? Decided for every name there
 * can be, by walking the automaton instead of asking for names one by one. */
#pragma once

#include "lib/policy/query.h"

#include <glib.h>

typedef struct
{
  const char *below;   /* a directory, "/etc/": of the names that begin with that and go on, none of
                          which has two slashes in a row */
  guint32 request;     /* all of these permissions, AAK_MAY_* */
  gboolean owner;      /* the file is the task's own */
  gboolean unconfined; /* AAK_MAY_EXEC is requested: only of programs that then run without
                          confinement (ux), or do where a profile is not loaded (pux, cux) */
} AakReach;

/* The answer to @reach: allowed where there is such a file. *@out_name is then the shortest name of
 * one, which the caller frees; NULL where there is none, or the profile is unconfined, when all
 * are. Takes time and memory in proportion to the states of the automaton. */
AakAnswer aak_policy_reach (const AakPolicyProfile *profile, const AakReach *reach,
                            char **out_name);
