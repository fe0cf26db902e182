/* SPDX-License-Identifier: GPL-2.0-or-later
 * A status as metrics of Prometheus' text format, for node_exporter's textfile collector. */
#pragma once

#include "register/status.h"

/* What a watch has counted since it began. */
typedef struct
{
  guint64 generations; /* brought in */
  guint64 drifts;      /* of the kernel, repaired */
  guint64 failures;    /* attempts that did not work */
  gint64 last_success; /* when all was as wanted last, seconds since the epoch; 0: never yet */
} AakWatchCounts;

/* At most so many profiles, whose names have 256 bytes at most, have series of their own; the
 * others are counted. */
#define AAK_METRICS_MAX_PROFILES 500

/* The metrics of @status, which was taken at @now (seconds since the epoch); @revision: of the
 * kernel's policy; @counts: NULL where nothing watches. Foreign profiles are only counted. The same
 * input gives the same text, newly allocated. Names are escaped (lib/escape.h), then as the format
 * has it: https://prometheus.io/docs/instrumenting/exposition_formats/ */
char *aak_metrics_text (const AakStatus *status, guint64 revision, const AakWatchCounts *counts,
                        gint64 now);
