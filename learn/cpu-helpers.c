/* SPDX-License-Identifier: GPL-2.0-or-later
 * Threads that are bound to processors. */
#include "config.h"

#include "learn/cpu-helpers.h"

#include "learn/cpu-list.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#define STACK_SIZE (256 * 1024)

typedef enum
{
  ACTED,
  NOT_NOW, /* its processor is not to be had */
  NEVER,   /* it could not begin */
} Outcome;

typedef struct
{
  AakCpuHelpers *helpers;
  guint cpu;
  pthread_t thread;
  gboolean started; /* there is a thread */
  /* Under the lock: */
  pid_t tid;        /* 0 before it ran, and after it gave up */
  gboolean settled; /* it has acted, or cannot for now */
  int why;          /* errno of the last failure */
  guint64 acts;
} Helper;

struct AakCpuHelpers
{
  const AakCpuTask *task;
  guint interval_ms;
  GMutex lock;
  GCond settled;
  GCond stopping;
  gboolean stop;
  Helper *all;
  guint n;
};

/* The calling thread, or that of @tid, may run on @cpu only; on any where @cpu is AAK_CPU_MAX. */
static gboolean
bind_to (pid_t tid, guint cpu)
{
  cpu_set_t *set = CPU_ALLOC (AAK_CPU_MAX);
  gsize size = CPU_ALLOC_SIZE (AAK_CPU_MAX);
  CPU_ZERO_S (size, set);
  for (guint i = 0; i < AAK_CPU_MAX; i++)
    if (cpu == AAK_CPU_MAX || cpu == i)
      CPU_SET_S (i, size, set);
  int result = sched_setaffinity (tid, size, set);
  int saved_errno = errno;
  CPU_FREE (set);
  errno = saved_errno;
  return result == 0;
}

/* Tells how it went, and waits for the next time; FALSE where there is none. */
static gboolean
report_and_wait (Helper *helper, Outcome outcome, int why)
{
  AakCpuHelpers *helpers = helper->helpers;
  gint64 next = g_get_monotonic_time () + (gint64) helpers->interval_ms * 1000;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
  helper->acts += outcome == ACTED;
  helper->why = why;
  helper->tid = outcome == NEVER ? 0 : gettid ();
  helper->settled = TRUE;
  g_cond_signal (&helpers->settled);
  while (!helpers->stop && outcome != NEVER)
    if (!g_cond_wait_until (&helpers->stopping, &helpers->lock, next))
      return TRUE;
  return FALSE;
}

static gboolean
may_start (Helper *helper)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helper->helpers->lock);
  helper->tid = gettid ();
  return !helper->helpers->stop;
}

/* One time's work. The kernel moves a thread away from a processor that goes offline, and does not
 * bring it back. */
static Outcome
work (const Helper *helper, gboolean *bound, gboolean *begun)
{
  const AakCpuTask *task = helper->helpers->task;
  if (!*bound || sched_getcpu () != (int) helper->cpu)
    *bound = bind_to (0, helper->cpu);
  if (!*bound)
    return NOT_NOW;
  if (!*begun && !task->begin ())
    return NEVER;
  *begun = TRUE;
  task->act ();
  return ACTED;
}

static void *
run (void *data)
{
  Helper *helper = data;
  gboolean bound = FALSE, begun = FALSE, more = may_start (helper);
  pthread_setname_np (pthread_self (), helper->helpers->task->name);
  while (more)
    {
      Outcome outcome = work (helper, &bound, &begun);
      more = report_and_wait (helper, outcome, outcome == ACTED ? 0 : errno);
    }
  return NULL;
}

/* Signals are the main thread's. */
static void
start_threads (AakCpuHelpers *helpers)
{
  sigset_t all, before;
  pthread_attr_t attributes;
  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, STACK_SIZE);
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  for (guint i = 0; i < helpers->n; i++)
    {
      Helper *helper = &helpers->all[i];
      int failure = pthread_create (&helper->thread, &attributes, run, helper);
      g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
      helper->started = failure == 0;
      if (failure != 0)
        {
          helper->settled = TRUE;
          helper->why = failure;
        }
    }
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  pthread_attr_destroy (&attributes);
}

AakCpuHelpers *
aak_cpu_helpers_start (const GArray *cpus, const AakCpuTask *task, guint interval_ms)
{
  AakCpuHelpers *helpers = g_new0 (AakCpuHelpers, 1);
  helpers->task = task;
  helpers->interval_ms = interval_ms;
  g_mutex_init (&helpers->lock);
  g_cond_init (&helpers->settled);
  g_cond_init (&helpers->stopping);
  helpers->n = cpus->len;
  helpers->all = g_new0 (Helper, helpers->n);
  for (guint i = 0; i < helpers->n; i++)
    helpers->all[i] = (Helper){ .helpers = helpers, .cpu = g_array_index (cpus, guint, i) };
  start_threads (helpers);
  return helpers;
}

static gboolean
all_settled (const AakCpuHelpers *helpers)
{
  for (guint i = 0; i < helpers->n; i++)
    if (!helpers->all[i].settled)
      return FALSE;
  return TRUE;
}

void
aak_cpu_helpers_settle (AakCpuHelpers *helpers, guint timeout_ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
  while (!all_settled (helpers))
    if (!g_cond_wait_until (&helpers->settled, &helpers->lock, end))
      return;
}

GArray *
aak_cpu_helpers_missed (AakCpuHelpers *helpers, int *out_errno)
{
  GArray *missed = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
  *out_errno = 0;
  for (guint i = 0; i < helpers->n; i++)
    {
      const Helper *helper = &helpers->all[i];
      if (helper->acts > 0)
        continue;
      if (missed->len == 0)
        *out_errno = helper->why;
      g_array_append_val (missed, helper->cpu);
    }
  return missed;
}

guint64
aak_cpu_helpers_acts (AakCpuHelpers *helpers)
{
  guint64 acts = 0;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
  for (guint i = 0; i < helpers->n; i++)
    acts += helpers->all[i].acts;
  return acts;
}

/* One that gets no time on its processor could not even end: it may run anywhere now. */
static void
tell_to_stop (AakCpuHelpers *helpers)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&helpers->lock);
  helpers->stop = TRUE;
  g_cond_broadcast (&helpers->stopping);
  for (guint i = 0; i < helpers->n; i++)
    if (helpers->all[i].tid != 0)
      (void) bind_to (helpers->all[i].tid, AAK_CPU_MAX);
}

void
aak_cpu_helpers_stop (AakCpuHelpers *helpers)
{
  tell_to_stop (helpers);
  for (guint i = 0; i < helpers->n; i++)
    if (helpers->all[i].started)
      pthread_join (helpers->all[i].thread, NULL);
  g_cond_clear (&helpers->settled);
  g_cond_clear (&helpers->stopping);
  g_mutex_clear (&helpers->lock);
  g_free (helpers->all);
  g_free (helpers);
}
