/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads desired profiles in a thread of its own: texts take long to compile. */
#pragma once

#include "lib/cli.h"
#include "register/desired.h"

#include <glib.h>

typedef struct AakPathReader AakPathReader;

/* Makes a reader of what @options say, which must outlive it; it has a way of its own to stop. Each
 * time that it has read them, @done is called with @data from the default main context, and calls
 * aak_path_reader_end(). IO where the kernel has no room for it. Free with
 * aak_path_reader_free(). */
AakPathReader *aak_path_reader_new (AakCli *cli, const AakDesiredOptions *options, GSourceFunc done,
                                    gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops what it does, with the compiler that runs, and waits for that end. @done is not called. */
void aak_path_reader_free (AakPathReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPathReader, aak_path_reader_free)

/* TRUE from aak_path_reader_begin() to aak_path_reader_end(). */
gboolean aak_path_reader_busy (const AakPathReader *reader);

/* Begins to read; must not be busy. IO where there is no room for a thread. */
gboolean aak_path_reader_begin (AakPathReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was read, as aak_desired_read() gives it. */
AakDesired *aak_path_reader_end (AakPathReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
