/* SPDX-License-Identifier: GPL-2.0-or-later
 * One thread a processor, each of which does something small there now and then. Threads, since
 * they end with the process whatever ends it. */
#pragma once

#include <glib.h>

/* What a helper does. Both run on its processor, and must be quick. */
typedef struct
{
  const char *name;         /* of the thread, at most 15 bytes */
  gboolean (*begin) (void); /* once, before the first act; FALSE with errno: the helper gives up */
  void (*act) (void);       /* at once, and then at each interval */
} AakCpuTask;

typedef struct AakCpuHelpers AakCpuHelpers;

/* Starts a helper for each of @cpus (guint). One whose processor is offline, or that this process
 * may not run on (cpuset), tries again at each interval. A process that may have no more threads
 * has fewer helpers: see missed(). @task must outlive the helpers. */
AakCpuHelpers *aak_cpu_helpers_start (const GArray *cpus, const AakCpuTask *task,
                                      guint interval_ms);

/* Waits until every helper has acted, or cannot for now, or @timeout_ms are over (a processor that
 * is kept busy by a real-time task). */
void aak_cpu_helpers_settle (AakCpuHelpers *helpers, guint timeout_ms);

/* The processors (guint, in the order of start) where nothing was ever done; the caller owns the
 * array. @out_errno: why, of the first of them; 0 where it got no time there. */
GArray *aak_cpu_helpers_missed (AakCpuHelpers *helpers, int *out_errno);

/* How often helpers have acted, all together. */
guint64 aak_cpu_helpers_acts (AakCpuHelpers *helpers);

/* Ends the helpers and waits for their end. */
void aak_cpu_helpers_stop (AakCpuHelpers *helpers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCpuHelpers, aak_cpu_helpers_stop)
