/* SPDX-License-Identifier: GPL-2.0-or-later
 * Workers that take blocks in turn, each with a recorder of its own, and the sum of these. */
#include "config.h"

#include "learn/scan.h"

#include "learn/source-block.h"
#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define SPIN_US 100

#define HEAP_SIZE      (8 << 20)
#define HEAP_MAX_CHUNK (32 << 20)

/* A record that is odd, and where it stands. */
typedef struct
{
  guint64 block;
  guint64 line; /* in its block, from 1 */
  const char *why;
} Odd;

/* How many lines a block had; by the block's number. */
typedef struct
{
  guint file;
  guint64 lines;
} Extent;

/* Why a file could not be read to its end. */
typedef struct
{
  guint file;
  GError *why;
} Failure;

typedef struct
{
  AakScan *scan;
  GThread *thread;
  AakAttribution *attribution; /* NULL: the recorder is the caller's */
  AakRecorder *recorder;
  AakSourceBlock *block;
  guint64 events; /* of the recorder, for others to read */
  Odd odd[AAK_RECORDER_MAX_NAMED];
  guint n_odd;
} Worker;

struct AakScan
{
  AakRecorder *recorder;
  AakSource *source;
  AakFd done;
  guint n_workers;
  Worker *workers;

  GMutex lock; /* of the source and of what follows */
  gboolean ended;
  guint running;
  GArray *extents;   /* of Extent */
  guint max_extents; /* how many blocks are to be read */
  GArray *failures;  /* of Failure */
  gboolean counted;  /* the failures are known, of an earlier reading */
  gint shrunk;       /* bytes that were there could not be read */
  gint stopped;
};

/* --- a worker -------------------------------------------------------------------------------- */

/* For the source, which another worker reads a block from in less time than a thread takes to wake.
 */
static void
lock_source (AakScan *scan)
{
  gint64 end = g_get_monotonic_time () + SPIN_US;
  while (!g_mutex_trylock (&scan->lock))
    if (g_get_monotonic_time () > end)
      {
        g_mutex_lock (&scan->lock);
        return;
      }
}

/* The next block; FALSE at the end. Notes how many lines the last one had. */
static gboolean
read_next (Worker *worker, gboolean first)
{
  AakScan *scan = worker->scan;
  AakSourceBlock *block = worker->block;
  if (!first)
    g_array_index (scan->extents, Extent, block->number).lines = block->lines;
  AakSourceStatus status = AAK_SOURCE_FAILED;
  while (status == AAK_SOURCE_FAILED && !scan->ended && scan->extents->len < scan->max_extents)
    {
      Failure failure = { 0, NULL };
      status = aak_source_next_block (scan->source, block, &failure.why);
      failure.file = block->file;
      if (status == AAK_SOURCE_FAILED && !scan->counted)
        g_array_append_val (scan->failures, failure);
      else
        g_clear_error (&failure.why);
    }
  if (status != AAK_SOURCE_RECORD)
    {
      scan->ended = TRUE;
      return FALSE;
    }
  Extent extent = { block->file, 0 };
  g_array_append_val (scan->extents, extent);
  return TRUE;
}

static gboolean
next_block (Worker *worker, gboolean first)
{
  lock_source (worker->scan);
  gboolean more = read_next (worker, first);
  g_mutex_unlock (&worker->scan->lock);
  return more;
}

static void
take_block (Worker *worker)
{
  AakSourceBlock *block = worker->block;
  AakSourceRecord raw[AAK_RECORDER_BATCH];
  const char *why[AAK_RECORDER_BATCH];
  guint count;
  do
    {
      guint64 before = block->lines;
      for (count = 0; count < AAK_RECORDER_BATCH && aak_source_block_take (block, &raw[count]);)
        count++;
      aak_recorder_take_batch (worker->recorder, raw, count, why);
      for (guint i = 0; i < count; i++)
        if (why[i] != NULL && worker->n_odd < AAK_RECORDER_MAX_NAMED)
          worker->odd[worker->n_odd++] = (Odd){ block->number, before + i + 1, why[i] };
    }
  while (count > 0);
  __atomic_store_n (&worker->events, worker->recorder->events, __ATOMIC_RELAXED);
}

/* Lets a large chunk come from a thread's heap, and stay there; before there are threads, since
 * mallopt(3) is not for several at once. */
static void
prepare_heaps (void)
{
  mallopt (M_MMAP_THRESHOLD, HEAP_MAX_CHUNK);
  mallopt (M_TRIM_THRESHOLD, HEAP_MAX_CHUNK);
}

/* glibc grows the heap of a thread by a page at a time (malloc/arena.c, grow_heap()), each by a
 * system call that the other threads wait for: it is grown at once, and in pages as large as the
 * system has, for what is remembered lies scattered in it. */
static void
grow_heap (void)
{
  const guintptr page = (guintptr) sysconf (_SC_PAGESIZE);
  void *volatile chunk = malloc (HEAP_SIZE);
  guintptr first = ((guintptr) chunk + page - 1) / page * page;
  if (chunk != NULL)
    madvise ((void *) first, HEAP_SIZE - page, MADV_HUGEPAGE);
  free (chunk);
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  AakScan *scan = worker->scan;
  if (worker->block->later)
    grow_heap ();
  for (gboolean first = TRUE; next_block (worker, first); first = FALSE)
    if (aak_source_block_load (worker->block))
      take_block (worker);
    else
      g_atomic_int_set (&scan->shrunk, TRUE);
  aak_recorder_settle (worker->recorder);
  /* Here, where it costs the others nothing. */
  if (worker->attribution != NULL)
    g_clear_pointer (&worker->recorder->cache, aak_record_cache_free);

  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&scan->lock);
  if (--scan->running == 0)
    eventfd_write (scan->done, 1);
  return NULL;
}

/* --- all of them ------------------------------------------------------------------------------ */

/* Where the system gives no thread, a worker works here and now. */
static void
start_workers (AakScan *scan, guint count)
{
  scan->n_workers = scan->running = count;
  if (count > 1)
    prepare_heaps ();
  scan->workers = g_new0 (Worker, count);
  for (guint i = 0; i < count; i++)
    {
      Worker *worker = &scan->workers[i];
      worker->scan = scan;
      worker->block = g_new (AakSourceBlock, 1);
      worker->block->later = count > 1;
      worker->attribution =
          count > 1 ? aak_attribution_new_like (scan->recorder->attribution) : NULL;
      worker->recorder =
          count > 1 ? aak_recorder_new_like (scan->recorder, worker->attribution) : scan->recorder;
      worker->thread = g_thread_try_new ("scan", work, worker, NULL);
      if (worker->thread == NULL)
        work (worker);
    }
}

static void
join_workers (AakScan *scan)
{
  for (guint i = 0; i < scan->n_workers; i++)
    g_clear_pointer (&scan->workers[i].thread, g_thread_join);
}

static void
end_workers (AakScan *scan)
{
  join_workers (scan);
  for (guint i = 0; i < scan->n_workers; i++)
    {
      Worker *worker = &scan->workers[i];
      if (worker->attribution != NULL)
        {
          aak_recorder_free (worker->recorder);
          aak_attribution_free (worker->attribution);
        }
      g_free (worker->block);
    }
  g_clear_pointer (&scan->workers, g_free);
  scan->n_workers = 0;
}

static void
failure_clear (gpointer data)
{
  Failure *failure = data;
  g_clear_error (&failure->why);
}

AakScan *
aak_scan_start (AakRecorder *recorder, AakSource *source, guint workers, GError **error)
{
  g_auto (AakFd) done = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (done < 0)
    {
      aak_error_set_errno (error, errno, "cannot wait for the readers of the input");
      return NULL;
    }
  AakScan *scan = g_new0 (AakScan, 1);
  scan->recorder = recorder;
  scan->source = source;
  scan->done = aak_fd_steal (&done);
  scan->max_extents = G_MAXUINT;
  scan->extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  scan->failures = g_array_new (FALSE, FALSE, sizeof (Failure));
  g_array_set_clear_func (scan->failures, failure_clear);
  g_mutex_init (&scan->lock);
  start_workers (scan, aak_source_restart (source) ? MAX (workers, 1) : 1);
  return scan;
}

int
aak_scan_fd (const AakScan *scan)
{
  return scan->done;
}

guint64
aak_scan_events (const AakScan *scan)
{
  guint64 events = 0;
  for (guint i = 0; i < scan->n_workers; i++)
    events += __atomic_load_n (&scan->workers[i].events, __ATOMIC_RELAXED);
  return events;
}

/* Not under the lock: who holds it may wait for a pipe. */
void
aak_scan_stop (AakScan *scan)
{
  g_atomic_int_set (&scan->stopped, TRUE);
  aak_source_interrupt (scan->source);
}

/* --- the sum --------------------------------------------------------------------------------- */

static int
compare_odd (gconstpointer a, gconstpointer b)
{
  const Odd *x = a, *y = b;
  if (x->block != y->block)
    return x->block < y->block ? -1 : 1;
  return x->line < y->line ? -1 : x->line > y->line;
}

/* The number of lines in the blocks of @file before block @number. */
static guint64
lines_before (const AakScan *scan, guint file, guint64 number)
{
  guint64 lines = 0;
  for (guint64 i = 0; i < number; i++)
    {
      const Extent *extent = &g_array_index (scan->extents, Extent, i);
      lines += extent->file == file ? extent->lines : 0;
    }
  return lines;
}

/* Names the first odd records of the input: they are among the first of each worker. */
static void
name_odd (AakScan *scan)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Odd));
  for (guint i = 0; i < scan->n_workers; i++)
    g_array_append_vals (all, scan->workers[i].odd, scan->workers[i].n_odd);
  g_array_sort (all, compare_odd);
  for (guint i = 0; i < all->len; i++)
    {
      const Odd *odd = &g_array_index (all, Odd, i);
      guint file = g_array_index (scan->extents, Extent, odd->block).file;
      g_autofree char *position =
          aak_source_position_in (scan->source, file,
                                  lines_before (scan, file, odd->block) + odd->line);
      aak_recorder_name_odd (scan->recorder, position, odd->why);
    }
}

/* FALSE where what was kept depended on the order of the records. */
static gboolean
absorb (AakScan *scan)
{
  Worker *first = &scan->workers[0];
  for (guint i = 1; i < scan->n_workers; i++)
    if (!aak_recorder_absorb (first->recorder, scan->workers[i].recorder))
      return FALSE;
  return scan->n_workers == 1 || aak_recorder_absorb (scan->recorder, first->recorder);
}

/* Where a bound was met, one worker reads the same blocks once more, in their order; where a file
 * shrank meanwhile, all of it, and finds where that ends now. */
static void
sum (AakScan *scan)
{
  join_workers (scan);
  gboolean shrunk = g_atomic_int_get (&scan->shrunk);
  if (!shrunk && absorb (scan))
    return;
  end_workers (scan);
  scan->counted = !shrunk;
  if (shrunk)
    g_array_set_size (scan->failures, 0);
  if (!shrunk || g_atomic_int_get (&scan->stopped))
    scan->max_extents = scan->extents->len;
  g_array_set_size (scan->extents, 0);
  scan->ended = FALSE;
  aak_source_restart (scan->source);
  start_workers (scan, 1);
  join_workers (scan);
}

GPtrArray *
aak_scan_finish (AakScan *scan)
{
  sum (scan);
  name_odd (scan);
  AakAccount *account = &scan->source->account;
  for (guint i = 0; i < scan->extents->len; i++)
    account->records += g_array_index (scan->extents, Extent, i).lines;
  account->malformed = scan->recorder->malformed;
  account->unproven = scan->recorder->unproven;

  GPtrArray *failures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  for (guint i = 0; i < scan->failures->len; i++)
    {
      Failure *failure = &g_array_index (scan->failures, Failure, i);
      guint64 lines = lines_before (scan, failure->file, scan->extents->len);
      aak_source_prefix_error (scan->source, failure->file, lines, &failure->why);
      g_ptr_array_add (failures, g_steal_pointer (&failure->why));
    }
  return failures;
}

void
aak_scan_free (AakScan *scan)
{
  aak_scan_stop (scan);
  end_workers (scan);
  aak_fd_clear (&scan->done);
  g_array_unref (scan->extents);
  g_array_unref (scan->failures);
  g_mutex_clear (&scan->lock);
  g_free (scan);
}
