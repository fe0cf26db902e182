/* SPDX-License-Identifier: GPL-2.0-or-later
 * Who wears what shall go: a task that wears a profile that is unloaded becomes unconfined, and
 * stays so when the profile is loaded again. */
#pragma once

#include "lib/lsm.h"

#include <glib.h>

/* One look at all tasks of the node. */
typedef struct
{
  GPtrArray *tasks; /* of AakWearer */
  char *blind;      /* why some of them are not seen, with what to do; NULL: all are */
  char *root;       /* of the node */
} AakWorn;

AakWorn *aak_worn_look (AakLsm *lsm, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_worn_free (AakWorn *worn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakWorn, aak_worn_free)

/* Those tasks that wear @name or a child of it (of AakWearer, which the caller owns with the
 * array). */
GPtrArray *aak_worn_by (const AakWorn *worn, const char *name);

/* TRUE where none of them wears @name or a child of it, and none may; else BUSY, with one that
 * does.
 */
gboolean aak_worn_check (const AakWorn *worn, const char *name,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives each step of @steps (of AakStep) whose profile shall go and is worn its reason: by which
 * pods and tasks, and what that means. A refusal that has a reason keeps it. */
void aak_worn_explain (const AakWorn *worn, GPtrArray *steps);
