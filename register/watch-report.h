/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a watch tells as it goes on: lines for people, or one JSON document a line
 * ("aakit/watch/1"). */
#pragma once

#include "lib/cli.h"

#include <glib.h>

typedef enum
{
  AAK_WATCH_GENERATION, /* what PATH holds was brought in */
  AAK_WATCH_DRIFT,      /* somebody changed the kernel's policy; it was put right */
  AAK_WATCH_FAILED,     /* what was tried did not work; the last good profiles stay */
  AAK_WATCH_STOPPED,    /* the end; nothing was unloaded */
} AakWatchEvent;

/* Tells of an @event that led to @steps (of AakStep) in @microseconds. */
void aak_watch_report_steps (AakCli *cli, AakWatchEvent event, GPtrArray *steps,
                             gint64 microseconds);

/* Tells of one that has only a @message. */
void aak_watch_report_message (AakCli *cli, AakWatchEvent event, const char *message);
