/* SPDX-License-Identifier: GPL-2.0-or-later
 * Many state files, read by several threads and handed out in their order. */
#pragma once

#include "learn/observations.h"

/* How many threads read at most, and how large the files are together that they have in work: a
 * state takes several times its size while it is read. A file that is larger is read alone. */
#define AAK_STATE_READER_THREADS 4
#define AAK_STATE_READER_BYTES   (64u << 20)

typedef struct AakStateReader AakStateReader;

/* Begins to read the files @paths (char*), which must live as long as the reader. */
AakStateReader *aak_state_reader_new (const GPtrArray *paths);
void aak_state_reader_free (AakStateReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakStateReader, aak_state_reader_free)

/* The next file's state, which the caller owns; NULL with an error, which names the file. To be
 * called once for each path at most, and not after an error. */
AakObservations *aak_state_reader_next (AakStateReader *reader,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads one state file. */
AakObservations *aak_state_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
