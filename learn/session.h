/* SPDX-License-Identifier: GPL-2.0-or-later
 * The loop of a recording: waits for records, looks for the pod, writes checkpoints, draws the live
 * block, ends on a signal, after a time, when nothing new came for long enough, or at the end of
 * the input. */
#pragma once

#include "learn/pod-watch.h"
#include "learn/recorder.h"
#include "learn/result.h"
#include "learn/run-stamp.h"
#include "learn/source-choice.h"

typedef struct
{
  AakCli *cli;
  AakSource *source;
  AakRecorder *recorder;
  AakPodWatch *pods; /* NULL: no pod is looked for */
  AakResult *result;
  AakRunStamp *stamp;
  guint64 seconds;       /* how long, 0: until a signal or the end of the input */
  guint64 checkpoint_ms; /* how old a checkpoint gets, 0: 5000 */
  guint64 stable;        /* seconds without news that end it, once something was seen; 0: none */
} AakSession;

/* Opens the source that @choice means, which is the session's from then on, and the caller's to
 * close. Where a recording of this source into the same directory was killed, in the boot that the
 * stamp names, the session goes on with that one: with what it saw, and behind what it had counted.
 * A log that is read from beginning to end is always read anew. */
AakSource *aak_session_open_source (AakSession *session, const AakSourceChoice *choice,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs until it ends, and tells the recorder why. SIGINT and SIGTERM end it in order; a second one
 * kills the program. */
gboolean aak_session_run (AakSession *session, GError **error) G_GNUC_WARN_UNUSED_RESULT;
