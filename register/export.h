/* SPDX-License-Identifier: GPL-2.0-or-later
 * Files that tell others of the node's profiles: metrics and features of the node. */
#pragma once

#include "lib/cli.h"
#include "register/metrics.h"
#include "register/status.h"

/* What is asked for. Zeroed: nothing. */
typedef struct
{
  char *metrics; /* file for node_exporter; NULL: none */
  char *nfd;     /* file for Node Feature Discovery; NULL: none */
  gint ttl;      /* its labels hold for so many seconds */
} AakExportOptions;

void aak_export_options_clear (AakExportOptions *options);

/* The command line's options for @options: fills the first AAK_EXPORT_N_ENTRIES of @entries, which
 * write to it. */
#define AAK_EXPORT_N_ENTRIES 3
void aak_export_options_entries (AakExportOptions *options, GOptionEntry *entries);
/* FALSE with an error (USAGE) where they make no sense. */
gboolean aak_export_options_check (const AakExportOptions *options,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the files for @status, as of now; each whole or not at all. @counts as for
 * aak_metrics_text(). FALSE with the first error; the other file is written all the same. */
gboolean aak_export_write (const AakExportOptions *options, AakLsm *lsm, const AakStatus *status,
                           const AakWatchCounts *counts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- while something watches ----------------------------------------------------------------- */

typedef struct AakExporter AakExporter;

typedef enum
{
  AAK_EXPORT_GENERATION, /* one was brought in */
  AAK_EXPORT_DRIFT,      /* the kernel was put right */
  AAK_EXPORT_FAILURE,    /* an attempt did not work */
  AAK_EXPORT_SUCCESS,    /* all is as wanted */
} AakExportEvent;

/* Writes the files in a thread of its own, soon after each event and often enough for the labels
 * not to expire; what cannot be written is told once, and tried again. NULL where @options ask for
 * nothing. Both must outlive it. */
AakExporter *aak_exporter_new (AakCli *cli, const AakExportOptions *options);
/* Ends the thread; the files stay as they are. NULL is no exporter. */
void aak_exporter_free (AakExporter *exporter);

/* Counts an event. Never waits for the disk. NULL is no exporter. */
void aak_exporter_tell (AakExporter *exporter, AakExportEvent event);
