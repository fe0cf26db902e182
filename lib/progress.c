/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The line of progress, and the thread that draws it. */
#include "config.h"

#include "lib/progress.h"

#include "lib/term-block.h"

#define EVERY_US (G_USEC_PER_SEC / 10)

struct AakProgress
{
  AakCli *cli;
  const char *done;
  guint total;
  gint64 begun; /* monotonic, µs */
  GThread *thread;
  GMutex mutex; /* of all below */
  GCond over;
  gboolean is_over;
  guint count;
  char *last; /* what was done last, NULL: nothing */
};

/* The mutex is held. */
static char *
make_line (const AakProgress *progress)
{
  g_autofree char *time = aak_term_minutes (g_get_monotonic_time () - progress->begun);
  return g_strdup_printf ("%s %u of %u  %s%s%s", progress->done, progress->count, progress->total,
                          time, progress->last != NULL ? "  " : "",
                          progress->last != NULL ? progress->last : "");
}

static gpointer
draw (gpointer data)
{
  AakProgress *progress = data;
  g_autofree char *drawn = NULL;
  g_mutex_lock (&progress->mutex);
  while (!progress->is_over)
    {
      g_autofree char *line = make_line (progress);
      if (g_strcmp0 (line, drawn) != 0)
        {
          aak_cli_progress (progress->cli, line);
          g_free (drawn);
          drawn = g_steal_pointer (&line);
        }
      g_cond_wait_until (&progress->over, &progress->mutex, g_get_monotonic_time () + EVERY_US);
    }
  g_mutex_unlock (&progress->mutex);
  return NULL;
}

AakProgress *
aak_progress_new (AakCli *cli, const char *done, guint total)
{
  if (total < 2 || !aak_cli_live (cli))
    return NULL;
  AakProgress *progress = g_new0 (AakProgress, 1);
  progress->cli = cli;
  progress->done = done;
  progress->total = total;
  progress->begun = g_get_monotonic_time ();
  g_mutex_init (&progress->mutex);
  g_cond_init (&progress->over);
  progress->thread = g_thread_try_new ("progress", draw, progress, NULL);
  return progress;
}

void
aak_progress_step (AakProgress *progress, const char *name)
{
  if (progress == NULL)
    return;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&progress->mutex);
  progress->count++;
  g_free (progress->last);
  progress->last = g_strdup (name);
}

void
aak_progress_free (AakProgress *progress)
{
  if (progress == NULL)
    return;
  g_mutex_lock (&progress->mutex);
  progress->is_over = TRUE;
  g_cond_signal (&progress->over);
  g_mutex_unlock (&progress->mutex);
  if (progress->thread != NULL)
    g_thread_join (progress->thread);
  aak_cli_progress (progress->cli, "");
  g_cond_clear (&progress->over);
  g_mutex_clear (&progress->mutex);
  g_free (progress->last);
  g_free (progress);
}
