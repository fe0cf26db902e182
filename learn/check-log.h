/* SPDX-License-Identifier: GPL-2.0-or-later
 * What logs say that somebody did, with the place where each access stands first. */
#pragma once

#include "learn/attribution.h"
#include "lib/cli.h"

typedef struct
{
  const char *const *inputs; /* files, "-" is standard input */
  const char *const *labels; /* labels and globs, at least one */
  gboolean dbus;             /* take what the D-Bus daemon decided, too */
} AakCheckLogOptions;

typedef struct AakCheckLog AakCheckLog;

/* Reads the logs to their end. What is odd in them is warned of and counted. The errors are those
 * of sources; NOT_FOUND where none of the labels had an event. Memory grows with distinct accesses.
 * Free with aak_check_log_free(). */
AakCheckLog *aak_check_log_read (AakCli *cli, const AakCheckLogOptions *options,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_check_log_free (AakCheckLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCheckLog, aak_check_log_free)

/* The observations (AakObservations*) of the labels that had events, sorted by label. They belong
 * to @log, the array to the caller. */
GPtrArray *aak_check_log_subjects (const AakCheckLog *log);

/* Where the logs first tell of @access with one of @perms, or at all where that is 0:
 * "audit.log:412". NULL for an access that is not theirs. Owned by @log. */
const char *aak_check_log_position (const AakCheckLog *log, const AakObservation *access,
                                    guint perms);

/* How many records did not parse, and parts of files could not be read. */
guint64 aak_check_log_lost (const AakCheckLog *log);
