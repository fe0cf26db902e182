/* SPDX-License-Identifier: GPL-2.0-or-later
 * Counts the audit serials that never came, where records may come late and the 32-bit serial
 * wraps. */
#pragma once

#include <glib.h>

#define AAK_SERIAL_WINDOW 8192 /* how late a record may come; a power of two */
#define AAK_SERIAL_UNSETTLED \
  64 /* a task that was interrupted while it wrote its record: how late */

typedef struct
{
  gboolean started;
  guint32 newest;
  guint64 missing; /* serials that were skipped and have not come yet */
  guint8 seen[AAK_SERIAL_WINDOW / 8];
} AakSerialWindow;

/* Notes that a record of event @serial came. The struct starts zeroed. */
void aak_serial_window_add (AakSerialWindow *window, guint32 serial);

/* What is missing now is none of this window's concern, not even when it comes. */
void aak_serial_window_forgive (AakSerialWindow *window);

/* The number of serials between the first and the newest that never came. */
guint64 aak_serial_window_missing (const AakSerialWindow *window);
/* How many of them are so new that they may still come, of those behind serial @since. */
guint64 aak_serial_window_unsettled (const AakSerialWindow *window, guint32 since);
/* The newest serial before which none may still come: one who begins there misses nothing. */
guint32 aak_serial_window_settled (const AakSerialWindow *window);
