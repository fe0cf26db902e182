/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is mounted where, as a task sees it (/proc/PID/mountinfo, proc(5)). */
#pragma once

#include <glib.h>

typedef struct AakMountTable AakMountTable;

/* Of the text of a mountinfo; lines that are none are passed over. */
AakMountTable *aak_mount_table_parse (const char *text);
/* Of the task @pid below @root. NOT_FOUND where it is gone, or a recorded one has none. */
AakMountTable *aak_mount_table_read (const char *root, guint pid,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_mount_table_free (AakMountTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakMountTable, aak_mount_table_free)

/* Says whether what is mounted at just @path, on top of what was mounted there before, can be
 * written to: neither the mount nor its file system is read-only. FALSE where nothing is mounted
 * there: a link of the image can have led the mount to another place. */
gboolean aak_mount_table_is_writable (const AakMountTable *table, const char *path,
                                      gboolean *out_writable);
