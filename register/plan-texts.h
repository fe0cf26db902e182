/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a plan does to the files that people read: the copies in /etc/apparmor.d, and seccomp
 * profiles, line by line. */
#pragma once

#include "lib/json.h"
#include "register/plan.h"

#include <glib.h>

typedef struct AakPlanTexts AakPlanTexts;

/* Reads, below @root, the files that are there now for those of @steps that do not leave all as it
 * is. A file that cannot be read, or lies behind a link, is an error; one that is missing is not.
 * @store: where the texts of profiles that go are. */
AakPlanTexts *aak_plan_texts_read (const char *root, GPtrArray *steps, const AakStore *store,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_plan_texts_free (AakPlanTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPlanTexts, aak_plan_texts_free)

/* Adds to the object of @step "old-text", where a file is there now, and "new-text", where one is
 * desired: the lines, escaped (lib/escape.h). Neither where the step leaves all as it is. */
void aak_plan_texts_add (const AakPlanTexts *texts, const AakStep *step, AakJson *json);
