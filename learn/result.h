/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a recording leaves behind: the state and the profile of each label, and the summary. */
#pragma once

#include "learn/base.h"
#include "learn/images.h"
#include "learn/pod-watch.h"
#include "learn/profile.h"
#include "learn/recorder.h"
#include "learn/run-stamp.h"
#include "lib/cli.h"

typedef struct
{
  const char *dir; /* where the files go */
  gboolean exact;
  gboolean state_only;
  gboolean no_check;   /* profiles are written unproved, see learn/self-check.h */
  AakAbi abi;          /* that the profiles are for */
  AakImages *images;   /* that patterns are weighed against, or NULL */
  const AakBase *base; /* that the rules for its label join, or NULL */
  gboolean children;   /* programs have child profiles */
  guint kubernetes;    /* patches are for this minor version */
} AakResultOptions;

typedef struct AakResult AakResult;

/* Reads the states that are already in the directory for the labels in @labels (char*), so that a
 * damaged or newer one is found before the recording, not after it. */
AakResult *aak_result_new (AakCli *cli, const AakResultOptions *options, GPtrArray *labels,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_result_free (AakResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakResult, aak_result_free)

/* What was in the directory of @label, or NULL. The result owns it. */
const AakObservations *aak_result_older (const AakResult *result, const char *label);

/* The newest recording of one of the labels, or of the pod that @pods (or NULL) looks for, that was
 * killed on this node in this boot, by the states in the directory; NULL where there is none. The
 * result owns it, until go_on or close_unfinished. */
const AakRun *aak_result_unfinished (AakResult *result, const AakRunStamp *stamp,
                                     const AakPodWatch *pods);

/* Follows the labels of the killed recording @run, and moves what it saw from the states into their
 * observations. */
gboolean aak_result_go_on (AakResult *result, AakAttribution *attribution, const AakRun *run,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* No recording of @node's that was killed before is to be gone on with: a later one begins after
 * this one. */
void aak_result_close_unfinished (AakResult *result, const char *node);

/* Writes the state of every followed label: what was there before, and the run so far, whose
 * position says that it is not at its end. The states change as one. */
gboolean aak_result_checkpoint (AakResult *result, AakRecorder *recorder,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes states, then the profiles that are proved to allow what was seen, and prints the summary.
 * A profile in the directory that is not what aakit made of the state that lies beside it was
 * edited by somebody: it stays, and the new one goes to NAME.new. Denials alone make no profile,
 * but join the base.
 * @out_finding: TRUE where the exit code has to say that something is missing (events lost, or of a
 * kind that is not learned yet). NOT_FOUND where no event came. */
gboolean aak_result_finish (AakResult *result, AakRecorder *recorder, AakSource *source,
                            gboolean *out_finding, GError **error) G_GNUC_WARN_UNUSED_RESULT;
