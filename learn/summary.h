/* SPDX-License-Identifier: GPL-2.0-or-later
 * The last words of a recording: what was learned, what was lost, and what to do next; as text or
 * as JSON. */
#pragma once

#include "learn/profile.h"
#include "learn/self-check.h"
#include "learn/recorder.h"
#include "lib/cli.h"

typedef struct AakSummary AakSummary;

/* Brings the source's account up to date. */
AakSummary *aak_summary_new (AakCli *cli, AakRecorder *recorder, AakSource *source);
void aak_summary_free (AakSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSummary, aak_summary_free)

/* Adds the label of @whole. @run: this recording's part in it; @profile: NULL where none was made;
 * @check: NULL where none was asked for, or no profile was written; @profile_path: NULL where no
 * profile was written. @whole must live until the summary is printed. */
void aak_summary_add (AakSummary *summary, const AakRun *run, const AakObservations *whole,
                      const AakProfile *profile, const AakSelfCheck *check, const char *state_path,
                      const char *profile_path);
/* Says that the label that was added last has a seccomp profile at @path, or, with NULL, none. */
void aak_summary_set_seccomp (AakSummary *summary, const char *path);

/* Names the patch of the pod that was written for the label that was added last; NULL: none was. */
void aak_summary_add_patch (AakSummary *summary, const char *path);

/* TRUE where no label had an event; then explain_empty() sets a NOT_FOUND error that says what was
 * seen instead. Always FALSE. */
gboolean aak_summary_is_empty (const AakSummary *summary);
gboolean aak_summary_explain_empty (AakSummary *summary, GError **error);

/* Prints. TRUE where something is missing: events lost, or of a class that is not learned yet. */
gboolean aak_summary_print (AakSummary *summary);
