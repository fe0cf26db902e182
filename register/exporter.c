/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing what others read again and again, beside a watch that must not wait for it. */
#include "config.h"

#include "register/export.h"

#include "lib/error.h"

/* Events come in bursts. */
#define PAUSE_US (G_USEC_PER_SEC / 5)
/* Tasks come and go without an event. */
#define MAX_INTERVAL_SECONDS 60
/* A label is renewed so many times while it holds. */
#define RENEWALS 3

struct AakExporter
{
  AakCli *cli;
  const AakExportOptions *options;
  GThread *thread;
  GMutex mutex; /* over what follows */
  GCond told;
  AakWatchCounts counts;
  gboolean news;
  gboolean ends;
};

/* Waits for news, at most until it is time again, then for the end of a burst. Gives the counts;
 * FALSE at the end. */
static gboolean
await (AakExporter *self, AakWatchCounts *out_counts)
{
  gint64 interval =
      MIN (self->options->ttl / RENEWALS, MAX_INTERVAL_SECONDS) * (gint64) G_USEC_PER_SEC;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 until = g_get_monotonic_time () + interval;
  while (!self->news && !self->ends && g_cond_wait_until (&self->told, &self->mutex, until))
    continue;
  until = g_get_monotonic_time () + PAUSE_US;
  while (!self->ends && g_cond_wait_until (&self->told, &self->mutex, until))
    continue;
  self->news = FALSE;
  *out_counts = self->counts;
  return !self->ends;
}

static gboolean
write_files (AakExporter *self, AakPods *pods, const AakWatchCounts *counts, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (aak_cli_root (self->cli), error);
  g_autoptr (AakStatus) status = lsm != NULL ? aak_status_read (lsm, pods, error) : NULL;
  return status != NULL && aak_export_write (self->options, lsm, status, counts, error);
}

static gpointer
run (gpointer data)
{
  AakExporter *self = data;
  g_autoptr (AakPods) pods = aak_pods_new (aak_cli_root (self->cli));
  g_autofree char *problem = NULL;
  AakWatchCounts counts;
  while (await (self, &counts))
    {
      g_autoptr (GError) error = NULL;
      gboolean done = write_files (self, pods, &counts, &error);
      if (!done && g_strcmp0 (problem, error->message) != 0)
        aak_cli_warn (self->cli, "metrics and labels are not up to date: %s", error->message);
      g_free (problem);
      problem = done ? NULL : g_strdup (error->message);
    }
  return NULL;
}

AakExporter *
aak_exporter_new (AakCli *cli, const AakExportOptions *options)
{
  if (options->metrics == NULL && options->nfd == NULL)
    return NULL;
  AakExporter *self = g_new0 (AakExporter, 1);
  self->cli = cli;
  self->options = options;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->told);
  self->thread = g_thread_new ("export", run, self);
  return self;
}

void
aak_exporter_free (AakExporter *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->ends = TRUE;
  g_cond_signal (&self->told);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->told);
  g_free (self);
}

void
aak_exporter_tell (AakExporter *self, AakExportEvent event)
{
  if (self == NULL)
    return;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  switch (event)
    {
    case AAK_EXPORT_GENERATION:
      self->counts.generations++;
      break;
    case AAK_EXPORT_DRIFT:
      self->counts.drifts++;
      break;
    case AAK_EXPORT_FAILURE:
      self->counts.failures++;
      break;
    case AAK_EXPORT_SUCCESS:
      self->counts.last_success = g_get_real_time () / G_USEC_PER_SEC;
      break;
    }
  self->news = TRUE;
  g_cond_signal (&self->told);
}
