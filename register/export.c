/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing what others read. */
#include "config.h"

#include "register/export.h"

#include "lib/error.h"
#include "lib/fs.h"
#include "register/nfd.h"

#include <string.h>

#define DEFAULT_TTL 300
#define MIN_TTL     10
#define MAX_TTL     86400

void
aak_export_options_clear (AakExportOptions *options)
{
  g_clear_pointer (&options->metrics, g_free);
  g_clear_pointer (&options->nfd, g_free);
}

void
aak_export_options_entries (AakExportOptions *options, GOptionEntry *entries)
{
  const GOptionEntry all[AAK_EXPORT_N_ENTRIES] = {
    { "metrics", 0, 0, G_OPTION_ARG_FILENAME, &options->metrics,
      "Write metrics to FILE, in node_exporter's textfile directory (NAME.prom)", "FILE" },
    { "nfd", 0, 0, G_OPTION_ARG_FILENAME, &options->nfd,
      "Write labels for the node to FILE, in Node Feature Discovery's features.d", "FILE" },
    { "nfd-ttl", 0, 0, G_OPTION_ARG_INT, &options->ttl,
      "They expire unless they are renewed within so long (default: 300)", "SECONDS" },
  };
  options->ttl = DEFAULT_TTL;
  memcpy (entries, all, sizeof all);
}

gboolean
aak_export_options_check (const AakExportOptions *options, GError **error)
{
  if (options->ttl >= MIN_TTL && options->ttl <= MAX_TTL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--nfd-ttl takes seconds from %d to %d", MIN_TTL,
               MAX_TTL);
  return FALSE;
}

static gboolean
write_text (const char *path, const char *text, GError **error)
{
  return path == NULL || aak_fs_write (path, text, strlen (text), 0644, error);
}

gboolean
aak_export_write (const AakExportOptions *options, AakLsm *lsm, const AakStatus *status,
                  const AakWatchCounts *counts, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) second = NULL;
  g_autofree char *metrics = aak_metrics_text (status, aak_lsm_revision (lsm), counts, now);
  g_autofree char *nfd = aak_nfd_text (status, now + options->ttl);
  gboolean written = write_text (options->metrics, metrics, error);
  if (write_text (options->nfd, nfd, &second))
    return written;
  if (written)
    g_propagate_error (error, g_steal_pointer (&second));
  return FALSE;
}
