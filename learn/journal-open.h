/* SPDX-License-Identifier: GPL-2.0-or-later
 * Opens journald's files: those of the running host, or those in a directory. */
#pragma once

#include <glib.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-journal.h>

/* The journal of the running host, or, @path, one in a directory that somebody writes to, behind
 * its last entry, with what the kernel wrote as the only entries. The caller closes it. PRIVILEGE
 * or NOT_FOUND where no file of it can be read. */
sd_journal *aak_journal_open_live (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The files in the directory @path, or, @is_root, of the system whose root directory it is, before
 * their first entry. NOT_FOUND where there is none; the error of the first that cannot be read, so
 * that none is left out in silence. */
sd_journal *aak_journal_open_directory (const char *path, gboolean is_root,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
#endif
