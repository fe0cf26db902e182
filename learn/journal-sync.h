/* SPDX-License-Identifier: GPL-2.0-or-later
 * Has journald write out what it was given. */
#pragma once

#include <glib.h>

/* The socket of the running host's journald. */
#define AAK_JOURNAL_SOCKET "/run/systemd/journal/io.systemd.journal"

/* Asks the journald behind @path to write all that its sockets hold, as "journalctl --sync" does
 * (io.systemd.Journal.Synchronize, by Varlink), and waits for it. TRUE where it has done so, or
 * cannot be asked; FALSE where @wait_ms were not enough. */
gboolean aak_journal_sync (const char *path, guint wait_ms);
