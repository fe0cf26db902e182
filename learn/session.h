/* SPDX-License-Identifier: GPL-2.0-or-later
 * The loop of a recording: waits for records, looks for the pod, writes checkpoints, draws the live
 * line, ends on a signal, after a time, or at the end of the input. */
#pragma once

#include "learn/pod-watch.h"
#include "learn/recorder.h"
#include "learn/result.h"
#include "learn/run-stamp.h"

typedef struct
{
  AakCli *cli;
  AakSource *source;
  AakRecorder *recorder;
  AakPodWatch *pods; /* NULL: no pod is looked for */
  AakResult *result;
  const AakRunStamp *stamp;
  guint64 seconds; /* how long, 0: until a signal or the end of the input */
} AakSession;

/* Runs until it ends. SIGINT and SIGTERM end it in order; a second one kills the program. */
gboolean aak_session_run (AakSession *session, GError **error) G_GNUC_WARN_UNUSED_RESULT;
